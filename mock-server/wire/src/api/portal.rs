//! The billing site and the licence site, as JSON.

mod certificates;
mod licence;
mod login;
mod mail;
mod notices;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use careplan_relay::Relay;

/// The routes, in the order an office meets them.
pub(super) fn routes() -> OpenApiRouter<Relay> {
    OpenApiRouter::new()
        .routes(routes!(login::portal_login))
        .routes(routes!(login::portal_logout))
        .routes(routes!(login::change_password))
        .routes(routes!(mail::request_mail_code))
        .routes(routes!(mail::confirm_mail_code))
        .routes(routes!(notices::list_notices))
        .routes(routes!(notices::show_notice))
        .routes(routes!(login::show_terminal_account))
        .routes(routes!(
            certificates::show_certificate_password,
            certificates::reissue_certificate_password
        ))
        .routes(routes!(certificates::list_certificates, certificates::apply_for_certificate))
        .routes(routes!(certificates::fetch_p12))
        .routes(routes!(licence::show_licence, licence::apply_for_licence))
        .routes(routes!(licence::apply_for_free_pass))
        .routes(routes!(licence::set_auto_renewal))
        .routes(routes!(licence::cancel_licence))
}
