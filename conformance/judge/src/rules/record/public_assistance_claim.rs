//! R017 `public-assistance-claim`.

use crate::rules::prelude::*;

/// 生活保護単独の方に保険請求額がある: an insurance claim for a person on public assistance alone.
pub(crate) static PUBLIC_ASSISTANCE_CLAIM: Rule = Rule {
    code: "R017",
    name: "public-assistance-claim",
    title: Text::new(
        "生活保護単独の方に保険請求額がある",
        "an insurance claim for a person on public assistance alone",
    ),
    explanation: Text::new(
        "被保険者番号がHで始まる方は介護保険の給付がなく、給付率と保険請求額は0になります。",
        "People with an H number have no insurance benefit: rate and claim are 0.",
    ),
    message: Text::new(
        "被保険者番号がHで始まりますが、{field}が「{found}」です。",
        "The insured number starts with H, but {field} is {found}.",
    ),
    fix: Text::new(
        "給付率と保険請求額を0にするか、被保険者番号を確認してください。",
        "Set rate and claim to 0, or check the insured number.",
    ),
    source: Source::Fixed("返戻ATT5", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 17"],
    check: Check::Record(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["claim-for-public-assistance"],
        passes: &["K2", "K2/rich", "public-assistance-pays-all"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let public =
        cx.sound(upsikyu::INSURED_NUMBER).is_some_and(insured_number::is_public_assistance);
    let claim = cx.number(upsikyu::INSURANCE_CLAIM_AMOUNT).unwrap_or(0);
    if public && claim > 0 {
        cx.report(&PUBLIC_ASSISTANCE_CLAIM, upsikyu::INSURANCE_CLAIM_AMOUNT).expected("0");
    }
}
