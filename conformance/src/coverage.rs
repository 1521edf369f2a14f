//! Which statements of the standard are checked by which rules, and why the others are not.

use std::fmt::Write as _;

use careplan_judge::rules;

/// The numbered statements this project has taken from the standard, with the reason where no
/// rule covers one.
pub(crate) static STATEMENTS: &[(&str, Option<&str>)] = &[
    ("F01", None),
    ("F02", None),
    ("F03", None),
    ("F04", None),
    ("F05", None),
    ("F06", None),
    ("F07", None),
    ("F08", None),
    ("F09", None),
    ("F10", None),
    ("F11", None),
    ("F12", None),
    ("F13", None),
    ("F14", None),
    ("F15", None),
    ("F16", None),
    ("F17", None),
    ("F18", None),
    ("F19", None),
    ("F20", None),
    ("F21", None),
    ("B01", None),
    ("B02", None),
    ("B03", None),
    ("B04", Some("受け取る側の処理順（連番の昇順） / the receiver's order of processing")),
    (
        "B05",
        Some(
            "送り直しは置き換えになるという受け取る側の動作 / what a receiver does with a re-sent unit",
        ),
    ),
    ("B06", None),
    ("B07", None),
    ("B08", None),
    ("K01", None),
    ("K02", None),
    ("K03", None),
    ("K04", None),
    ("K05", None),
    ("K06", None),
    (
        "K07",
        Some(
            "第1表削除で消える範囲は受け取る側の動作 / what a deletion removes is the receiver's doing",
        ),
    ),
    (
        "K08",
        Some(
            "予定削除で消える範囲は受け取る側の動作 / what a deletion removes is the receiver's doing",
        ),
    ),
    ("K09", None),
    (
        "K10",
        Some(
            "削除で消える別表は受け取る側の動作 / what a deletion removes is the receiver's doing",
        ),
    ),
    ("K11", None),
    ("K12", None),
    ("P01", None),
    ("P02", None),
    ("P03", None),
    (
        "P04",
        Some(
            "訂正時に全サービスを送り直したかは、前回の送信を見ないと分からない / needs the earlier transmission",
        ),
    ),
    (
        "P05",
        Some(
            "委託時の転送に予定を添えたかは、予定のファイルを見ないと分からない / needs the plan it belongs to",
        ),
    ),
    ("P06", None),
    ("P07", Some("住所地特例の不一致は誤りではない（指摘してはならない） / must not be reported")),
    ("P08", None),
    ("R01", None),
    ("R02", None),
    ("R03", None),
    ("R04", None),
    ("R05", None),
    (
        "R06",
        Some(
            "月額加算を1回分として取り込むのは受け取る側の動作 / what the receiver does with monthly additions",
        ),
    ),
    ("R07", None),
    ("R08", None),
    ("R09", None),
    ("R10", None),
    ("R11", None),
    (
        "R12",
        Some(
            "率の加算の0や共生型の書き方は正しい（指摘してはならない） / legal writing, must not be reported",
        ),
    ),
    (
        "R13",
        Some("サテライトの有無はファイルから分からない / satellites cannot be seen from a file"),
    ),
    ("R14", None),
    ("R15", None),
    ("R16", None),
    ("R17", None),
    ("R20", None),
    ("R21", None),
    ("R22", None),
    (
        "R23",
        Some(
            "限度額対象外の空欄は正しい（指摘してはならない） / legal writing, must not be reported",
        ),
    ),
    ("R24", None),
    ("R25", None),
    ("R26", None),
    ("R27", None),
    ("R30", None),
    (
        "R31",
        Some("2行目以降の空欄も繰り返しも正しい（指摘してはならない） / both writings are legal"),
    ),
    ("R32", None),
    ("R33", None),
    ("R34", None),
    ("R40", None),
    ("R41", None),
    ("R42", None),
    ("R43", None),
    ("R44", None),
    ("R45", Some("住所欄に別の内容が入ることは認められている / other text is allowed there")),
];

/// What could be said about files and deliberately is not, each with the reason.
static NOT_SAID: &[(&str, &str)] = &[
    (
        "氏名の始まりの「・」 / a middle dot at the beginning of a name",
        "外国の方の氏名（ジョン・スミス）と見分けられない / cannot be told from names of foreigners",
    ),
    (
        "文章の「□」「●」「○」、文末の「?」「？」、かなの後の「?」 / boxes, bullets and question marks behind kana in running text",
        "チェック欄・箇条書き・疑問文として正しい書き方 / legal as boxes, bullets and questions",
    ),
    (
        "旧字・異体字（高と髙など）が書き換わったこと / an old form of a character that was replaced by the usual one",
        "元の字がファイルから分からない / the original cannot be seen",
    ),
    (
        "フリガナの英字・記号、半角と全角の混在 / letters and signs in kana names",
        "仕様に字種の定めがない（F030・F061は情報と警告のみ） / the standard names no letters",
    ),
    (
        "計画作成（変更）日・同意日がファイルの日時より後であること / a plan date or consent after the file",
        "説明・同意の日や翌月1日を計画の日とする書き方がある / plans are dated by the day of consent or the first of the month",
    ),
    (
        "認定日と有効期間の始まりの前後 / the day of certification before or after the start of its period",
        "新規は遡り、更新は先に決まる / new ones reach back, renewals are decided ahead",
    ),
    (
        "主な日常生活上の活動の長さ（就寝 2100〜2100など） / activities of table 3 that take no time or a whole night",
        "時点だけを書く帳票がある / forms that name a point in time",
    ),
    (
        "訪問の加算の時刻が本体と違うこと / times of additions to visits that are not those of their visit",
        "2人の職員が別の時刻に入ることがあり、コードだけでは加算と本体を見分けられない（通所はL047） / two helpers may come at different times, and codes alone do not tell additions from services (day care: L047)",
    ),
    (
        "同じ氏名・生年月日で番号の違う2人 / two numbers with one name and one birth date",
        "同姓同名で同じ日に生まれた人がいる / two people may have both in common",
    ),
    (
        "第2表の番号の飛び / gaps in the numbers of table 2",
        "1〜99の並び順とだけ書かれ、連番ではない / only their order is stated",
    ),
    (
        "前の月から続く短期入所の31日目 / the 31st day of a stay that began the month before",
        "「前月までの利用日数」は連続した日数とは限らない / the days before are not said to be in a row",
    ),
    (
        "JPEGの中身の壊れ（終わりの印より前） / damage inside a JPEG before its end",
        "画像を開く検査は行わない / images are not decoded",
    ),
    (
        "大規模型通所の給付管理単位数が実際の単位数より多いこと / more units managed than provided in large day services",
        "2つの単位数があるのが正しい / two unit values are right there",
    ),
    (
        "改行を含む自由記述、空の自由記述が「\"\"」か何もないか / line breaks in texts; empty texts as two quotes or nothing",
        "どちらも正しい書き方 / both are legal",
    ),
];

/// Rules that cover a statement.
pub(crate) fn covering(id: &str) -> Vec<&'static str> {
    rules::all().filter(|rule| rule.covers.contains(&id)).map(|rule| rule.code).collect()
}

/// The coverage table, as Markdown.
pub(crate) fn page() -> String {
    let mut out = String::from(
        "# 仕様の記述とルールの対応 / coverage\n\n| 記述 | ルール、または検査しない理由 |\n|---|---|\n",
    );
    for (id, reason) in STATEMENTS {
        let codes = covering(id);
        let text = match reason {
            Some(reason) if codes.is_empty() => format!("— {reason}"),
            _ => codes.join(" "),
        };
        let _ = writeln!(out, "| {id} | {text} |");
    }
    out.push_str(
        "\n## 意図して指摘しないこと / deliberately not said\n\n| こと | 理由 |\n|---|---|\n",
    );
    for (what, why) in NOT_SAID {
        let _ = writeln!(out, "| {what} | {why} |");
    }
    for (title, prefix) in
        [("実際の失敗例 / real-world failures", "RW "), ("未解決の問い / open questions", "OQ ")]
    {
        let _ = writeln!(out, "\n## {title}\n\n| | ルール |\n|---|---|");
        let mut ids: Vec<&str> = rules::all()
            .flat_map(|rule| rule.covers.iter().copied())
            .filter(|id| id.starts_with(prefix))
            .collect();
        ids.sort_by_key(|id| (id.len(), *id));
        ids.dedup();
        for id in ids {
            let _ = writeln!(out, "| {id} | {} |", covering(id).join(" "));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_is_covered_or_says_why_not() {
        for (id, reason) in STATEMENTS {
            let covered = !covering(id).is_empty();
            assert!(covered != reason.is_some(), "{id}: {:?}, {reason:?}", covering(id));
        }
    }

    #[test]
    fn every_covered_id_is_known() {
        for rule in rules::all() {
            for id in rule.covers {
                let known = STATEMENTS.iter().any(|(statement, _)| statement == id)
                    || id.starts_with("RW ")
                    || id.starts_with("OQ ")
                    || matches!(*id, "§7" | "§8");
                assert!(known, "{}: {id}", rule.code);
            }
        }
    }
}
