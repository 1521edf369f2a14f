//! What the transport itself turns down, before the rules are asked.
//!
//! The same kind of table as [`careplan_relay::refusal`]; none of these texts is official, because the real
//! wire protocol is not public.

use careplan_spec::{Basis, Text};

use careplan_relay::refusal::RefusalKind;

macro_rules! transport_refusals {
    ($($name:ident $code:literal $status:literal $ja:literal, $en:literal, $hint_ja:literal, $hint_en:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $en)]
            pub static $name: RefusalKind = RefusalKind {
                code: $code,
                title: Text::new($ja, $en),
                official: false,
                clause: "careplan-testbed API",
                basis: Basis::Assumed,
                hint: Text::new($hint_ja, $hint_en),
            };
        )*

        /// Every one of them with its status number, in the order of the documentation.
        pub static TRANSPORT_REFUSALS: &[(&RefusalKind, u16)] = &[$((&$name, $status),)*];
    };
}

transport_refusals! {
    ROUTE_UNKNOWN "route-unknown" 404
        "このURLには何もありません。", "There is nothing at this URL.",
        "/openapi.json のエンドポイントを確かめてください。ポートはサイト、操作、中継の順です。",
        "See the endpoints in /openapi.json; the ports are sites, controls, relay in this order.";
    METHOD_NOT_ALLOWED "method-not-allowed" 405
        "このURLではこのメソッドを使えません。", "This URL does not take this method.",
        "Allowヘッダーのメソッドを使ってください。", "Use a method of the Allow header.";
    HOST_UNKNOWN "host-unknown" 421
        "このホスト名では受け付けていません。", "This host name is not served here.",
        "localhost か 127.0.0.1 を使うか、--host-name でホスト名を追加してください。",
        "Use localhost or 127.0.0.1, or add the name with --host-name.";
    HOST_UNCLEAR "host-unclear" 400
        "リクエストの宛先のホストが1つに定まりません。", "The request does not name exactly one host.",
        "Hostヘッダーを1つだけ付け、URLのホストと同じにしてください。",
        "Send one Host header, the same as the host of the URL.";
    ORIGIN_FOREIGN "origin-foreign" 403
        "ほかのサイトからの操作は受け付けていません。", "Requests from other sites are not accepted.",
        "操作用の画面か、ブラウザー以外のプログラムから呼び出してください。",
        "Call it from its own pages, or from a program that is not a browser.";
    JSON_WANTED "json-wanted" 415
        "Content-Type は application/json にしてください。", "The Content-Type must be application/json.",
        "本文をJSONにして、Content-Type: application/json を付けてください。",
        "Send a JSON body with Content-Type: application/json.";
    MEDIA_TYPE_WRONG "media-type-wrong" 415
        "Content-Typeが正しくありません。", "The Content-Type is not the one wanted.",
        "このエンドポイントのContent-Typeを /openapi.json で確かめてください。",
        "See /openapi.json for the media type of this endpoint.";
    ADMIN_TOKEN_WRONG "admin-token-wrong" 401
        "操作用のトークンが正しくありません。", "The admin token is missing or wrong.",
        "起動時に表示されたトークンを Authorization: Bearer で送ってください。",
        "Send the token printed at the start as Authorization: Bearer.";
    ADMIN_TOKEN_TRIES "admin-token-tries" 429
        "操作用のトークンを続けて誤ったため、しばらく受け付けません。", "The admin token was wrong too often; wait a while.",
        "Retry-Afterヘッダーの秒数を待って、起動時に表示されたトークンを送ってください。",
        "Wait for the seconds of the Retry-After header, then send the token printed at the start.";
    BODY_MALFORMED "body-malformed" 400
        "リクエストの本文を読み取れません。", "The body of the request cannot be read.",
        "本文の形式を /openapi.json で確かめてください。", "See /openapi.json for its form.";
    QUERY_MALFORMED "query-malformed" 400
        "URLのパラメーターに誤りがあります。", "A parameter of the URL is wrong.",
        "パラメーターの名前と値を /openapi.json で確かめてください。", "See /openapi.json for names and values.";
    BODY_TOO_LARGE "body-too-large" 413
        "リクエストの本文が大きすぎます。", "The body of the request is too large.",
        "本文を小さくしてください。", "Make it smaller.";
    BODY_TOO_SLOW "body-too-slow" 408
        "リクエストの本文が届きません。", "The body of the request does not arrive.",
        "通信の状態を確かめて、もう一度送ってください。", "Check the network and send it again.";
    RANGE_UNSATISFIABLE "range-unsatisfiable" 416
        "指定された範囲のデータはありません。", "There are no bytes in this range.",
        "Content-Rangeヘッダーの大きさを確かめてください。", "See the size in the Content-Range header.";
    FAULT_ORDER_WRONG "fault-order-wrong" 422
        "障害の指定に誤りがあります。", "The fault cannot be armed like this.",
        "endpoint、kind、rate、status、latency_ms を確かめてください。", "Check endpoint, kind, rate, status and latency_ms.";
    FAULT_UNKNOWN "fault-unknown" 404
        "この番号の障害はありません。", "There is no fault of this number.",
        "GET /v1/controls/faults で番号を確かめてください。", "See GET /v1/controls/faults.";
    CLOCK_ORDER_WRONG "clock-order-wrong" 422
        "時計の指定に誤りがあります。", "The clock cannot be set like this.",
        "set、advance_seconds、frozen、timing のどれかを指定してください。", "Give set, advance_seconds, frozen or timing, or several of them.";
    SWITCH_WRONG "switch-wrong" 422
        "スイッチの名前か値に誤りがあります。", "A switch or its value is wrong.",
        "GET /v1/controls/switches で名前と値を確かめてください。", "See GET /v1/controls/switches.";
    SCENARIO_UNKNOWN "scenario-unknown" 404
        "この名前のシナリオはありません。", "There is no scenario of this name.",
        "scenarios に挙げた名前を使ってください。", "Use one of the names listed.";
    SAVED_STATE_UNREADABLE "saved-state-unreadable" 422
        "保存データを読み取れません。", "The saved state cannot be read.",
        "GET /v1/controls/state で得たファイルをそのまま送ってください。", "Send the file of GET /v1/controls/state as it is.";
    WRONG_CERTIFICATE_UNKNOWN "wrong-certificate-unknown" 422
        "この種類の「正しくない証明書」はありません。", "There is no such entry in the catalogue of wrong certificates.",
        "応答に挙げた名前を使ってください。", "Use one of the names in the answer.";
    INJECTED_FAULT "injected-fault" 500
        "試験用に起こした障害です。", "A fault injected for testing.",
        "GET /v1/controls/faults で設定を確かめてください。", "See GET /v1/controls/faults.";
    MAINTENANCE "maintenance" 503
        "ただいまメンテナンス中です（試験用に起こした状態です）。", "The system is being maintained (simulated for testing).",
        "しばらく待ってから、もう一度お試しください。", "Wait a while and try again.";
    MEMORY_TAKEN "memory-taken" 503
        "同時に送受信できる量を超えました。", "More than can be sent or fetched at once.",
        "ほかの送受信が終わってから、もう一度お試しください。",
        "Try again when the others under way have ended.";
    NOT_READY "not-ready" 503
        "準備ができていません。", "Not ready.",
        "ログを確かめてください。", "See the log.";
    NOT_KEPT "not-kept" 507
        "書き込めませんでした。何も保存されていません。", "It could not be written. Nothing of it was kept.",
        "サーバーのディスクの空きを確かめて、もう一度送ってください。", "Check the room on the server's disk, then send it again.";
    INTERNAL_ERROR "internal-error" 500
        "サーバー内部でエラーが発生しました。", "Something broke inside the server.",
        "サーバーのログで、この request_id の前後を確かめてください。", "See the server's log around this request_id.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use careplan_relay::refusal::REFUSALS;

    #[test]
    fn codes_are_unique_among_all_refusals() {
        let mut seen: BTreeSet<&str> = REFUSALS.iter().map(|row| row.code).collect();
        for (row, status) in TRANSPORT_REFUSALS {
            assert!(seen.insert(row.code), "{}", row.code);
            assert!((400..600).contains(status), "{}", row.code);
            assert!(!row.title.ja.is_empty() && !row.hint.en.is_empty(), "{}", row.code);
        }
    }
}
