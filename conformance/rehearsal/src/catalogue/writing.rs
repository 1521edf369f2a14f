//! Items of the writing side.

use careplan_fixtures::Texts;
use careplan_spec::Text;

use super::requirements as needs;
use super::{CaseUnit, Family, Judge, ONE, UnitChoice, rich};
use crate::pattern::Pattern::{self, D1, D2, D3, D4, D5, D6, D7};
use crate::pattern::Side::Writes;

const PLANS: &[Pattern] = &[D1, D4, D5];
const USE: &[Pattern] = &[D2, D3, D6, D7];
const HOME_USE: &[Pattern] = &[D2, D3];

/// A prescribed case: every value is compared.
const PRESCRIBED: &[Judge] = &[Judge::Checker, Judge::Content, Judge::Exercise];

const fn family(no: u8, patterns: &'static [Pattern], title: Text) -> Family {
    Family::new(no, Writes, patterns, title)
}

pub(super) const FAMILIES: &[Family] = &[
    Family {
        purpose: Text::new(
            "ふつうの利用者1人を、課題票のとおりに書き出せる",
            "one ordinary person is exported as the sheet says",
        ),
        expected: Text::new(
            "送信単位がそろい、全項目の値が課題票と同じ意味である",
            "the send unit is whole and every value means what the sheet says",
        ),
        clause: "S 2.4, S 3.4, L",
        judged: PRESCRIBED,
        requirements: &[(&[D4], needs::BY_ITSELF_BASIC), (&[D5], needs::BY_ITSELF_PLAN)],
        ..family(1, &Pattern::ALL, Text::new("基本（1人）", "plain, one person"))
    },
    Family {
        purpose: Text::new(
            "内容の多い利用者を、課題票のとおりに書き出せる",
            "people with demanding content are exported as the sheet says",
        ),
        expected: Text::new(
            "全項目の値が課題票と同じ意味である（改行・記号・加算・減算などを含む）",
            "every value means what the sheet says, line breaks, symbols, additions and all",
        ),
        clause: "S 2.4, S 3.4, L",
        units: &[CaseUnit { people: 4, ..rich(0) }],
        judged: PRESCRIBED,
        ..family(2, &Pattern::ALL, Text::new("内容の多い例（4人）", "rich, four people"))
    },
    Family {
        purpose: Text::new(
            "文中の引用符・カンマ・改行を、仕様どおりに書き出せる",
            "quotes, commas and line breaks inside texts are written as the standard wants",
        ),
        expected: Text::new(
            "引用符は2つ重ね、カンマと改行は引用符の中にそのまま残る",
            "quotes are doubled, commas and line breaks stay inside the quotes",
        ),
        clause: "S 4.2, L（自由記述の注記）",
        units: &[CaseUnit { people: 6, ..rich(0) }],
        requirements: &[(&[], needs::LINE_BREAK), (&[], needs::QUOTE), (&[], needs::COMMA)],
        ..family(3, PLANS, Text::new("引用符・カンマ・改行", "quotes, commas, line breaks"))
    },
    Family {
        purpose: Text::new("長い文章を切らずに書き出せる", "long texts are exported whole"),
        expected: Text::new(
            "1,000文字以上の文章が最後まで書き出される",
            "a text of 1,000 characters or more is exported to its end",
        ),
        clause: "L（項目長の空欄）",
        units: &[CaseUnit { texts: Texts::Long, ..ONE }],
        requirements: &[(&[], needs::LONG_TEXT)],
        ..family(4, PLANS, Text::new("長い文章", "long texts"))
    },
    Family {
        purpose: Text::new(
            "MS932にある特殊文字（IBM拡張・NEC特殊文字）をそのまま書き出せる",
            "special characters of MS932 (IBM extension, NEC row 13) are exported as they are",
        ),
        expected: Text::new(
            "「髙」「①」などが置き換えられない",
            "髙, ① and the like are not replaced",
        ),
        clause: "S 4.3",
        units: &[CaseUnit { people: 6, ..rich(0) }],
        requirements: &[(&[], needs::IBM_EXTENSION), (&[], needs::NEC_ROW_13)],
        ..family(5, PLANS, Text::new("特殊文字", "special characters"))
    },
    Family {
        purpose: Text::new(
            "任意の項目が空の利用者を書き出せる",
            "a person without any optional value is exported",
        ),
        expected: Text::new(
            "必須項目だけが入り、空の項目も列として残る（列数が変わらない）",
            "required values are there and empty columns stay",
        ),
        clause: "L（必須）",
        units: &[CaseUnit { texts: Texts::RequiredOnly, ..ONE }],
        ..family(6, &Pattern::ALL, Text::new("任意項目が空", "optional values empty"))
    },
    Family {
        purpose: Text::new(
            "変更した内容を、新しい連番で送り直せる",
            "changed papers are exported again under a later sequence",
        ),
        expected: Text::new(
            "変更前と変更後の2組があり、変更後のほうが連番が新しい",
            "both exports are there, and the changed one is later",
        ),
        clause: "S 2.5, S 5.1.1.1, S 5.2.1.1",
        units: &[ONE, CaseUnit { revision: 1, ..ONE }],
        requirements: &[(&[], needs::REVISION)],
        instruction: Some(Text::new(
            "課題票の「変更前」を入力して書き出し、続けて「変更後」の内容に直して、もう一度書き出します。",
            "Enter and export the first version, change it to the second, and export again.",
        )),
        ..family(7, &Pattern::ALL, Text::new("変更（送り直し）", "update"))
    },
    Family {
        purpose: Text::new(
            "送った内容の削除を書き出せる",
            "a deletion of what was sent is exported",
        ),
        expected: Text::new(
            "元の書き出しと、同じキーの削除ファイルがある",
            "the export and a deletion with the same keys are there",
        ),
        clause: "S 2.3, S 2.4, S 3.3, S 3.4",
        units: &[ONE, CaseUnit { choice: UnitChoice::Deletion, revision: 1, ..ONE }],
        requirements: &[(&[], needs::DELETION)],
        instruction: Some(Text::new(
            "まず課題票の内容を書き出し、そのあと同じ利用者の削除を書き出します。削除ファイルは単独の送信単位です。",
            "Export the papers, then their deletion, which is a unit of its own.",
        )),
        ..family(8, &Pattern::ALL, Text::new("削除", "deletion"))
    },
    Family {
        purpose: Text::new(
            "複数の利用者を1つの送信単位に書き出せる",
            "several people in one send unit",
        ),
        expected: Text::new(
            "5人以上が1つのファイルに入り、利用者ごとの対応が崩れない",
            "five people or more in one file, each with all of theirs",
        ),
        clause: "L（ファイル作成単位）, S 2.3",
        units: &[CaseUnit { people: 6, ..ONE }],
        requirements: &[(&[], needs::SEVERAL_PEOPLE)],
        ..family(9, &Pattern::ALL, Text::new("複数の利用者", "several people"))
    },
    Family {
        purpose: Text::new(
            "当月と翌月を別々の送信単位に書き出せる",
            "this month and the next are exported as units of their own",
        ),
        expected: Text::new("1つのファイルに2つの月が混ざらない", "no file mixes two months"),
        clause: "S 5.1.1.3, L（ファイル作成単位）",
        units: &[ONE, CaseUnit { months_later: 1, ..ONE }],
        requirements: &[(&[], needs::TWO_MONTHS)],
        instruction: Some(Text::new(
            "同じ利用者について、当月分と翌月分を続けて書き出します。",
            "Export both months of the same person.",
        )),
        ..family(10, USE, Text::new("2か月分", "two months"))
    },
    Family {
        purpose: Text::new(
            "生活保護単独（H番号）の利用者を書き出せる",
            "a person on public assistance alone is exported",
        ),
        expected: Text::new("被保険者番号がH＋9桁のまま", "the insured number keeps its H"),
        clause: "L（被保険者番号）",
        units: &[rich(1)],
        requirements: &[(&[], needs::H_NUMBER)],
        ..family(11, &[D1, D2, D3], Text::new("H番号（生活保護単独）", "H number"))
    },
    Family {
        purpose: Text::new(
            "連続30日を超える短期入所を書き出せる",
            "a stay beyond 30 days is exported",
        ),
        expected: Text::new(
            "30日を超えた日に３０日超区分1が立つ",
            "the day beyond the 30th carries ３０日超区分 1",
        ),
        clause: "L UPPLAN 23, L UPSIKYU 33",
        units: &[rich(0)],
        service_kinds: &[(D3, &["21"])],
        requirements: &[(&[], needs::OVER_30_DAYS), (&[D2], needs::FULL_COPAY)],
        ..family(12, HOME_USE, Text::new("30日超の短期入所", "a stay beyond 30 days"))
    },
    Family {
        purpose: Text::new(
            "月の途中の開始・区分変更による日割を書き出せる",
            "fees by days after a start or change within the month are exported",
        ),
        expected: Text::new("日割対象日が31桁の0と1で入る", "日割対象日 has 31 characters"),
        clause: "L UPPLAN 11, L UPJSK 11",
        units: &[rich(0), rich(2)],
        service_kinds: &[(D7, &["A6", "66", "A2"])],
        requirements: &[(&[], needs::PER_DIEM)],
        ..family(
            13,
            &[D6, D7],
            Text::new("日割・月途中の変更", "fees by days, changes within a month"),
        )
    },
    Family {
        purpose: Text::new("サテライトの提供を書き出せる", "services of a satellite are exported"),
        expected: Text::new(
            "本体とサテライトが1つのファイルに入り、枝番で分かれる",
            "main site and satellite in one file, told apart by 枝番",
        ),
        clause: "L UPPLAN 22, L UPJSK 22",
        units: &[rich(2)],
        service_kinds: &[(D2, &["15", "16", "78", "72"]), (D3, &["15", "16", "78", "72"])],
        requirements: &[(&[], needs::SATELLITE)],
        ..family(14, HOME_USE, Text::new("サテライト（枝番）", "satellites"))
    },
    Family {
        purpose: Text::new("福祉用具貸与を書き出せる", "rented equipment is exported"),
        expected: Text::new(
            "TAISコードまたは届出コードが入り、同じ用具2つは明細判別コードで分かれる",
            "codes are there, and twins are told apart",
        ),
        clause: "L UPPLAN 16-19, L UPJSK 16-19",
        units: &[rich(5)],
        service_kinds: &[(D2, &["17"]), (D3, &["17"]), (D6, &["67"]), (D7, &["67"])],
        requirements: &[
            (&[], needs::EQUIPMENT),
            (&[], needs::NOTIFICATION_CODE),
            (HOME_USE, needs::TWINS),
        ],
        ..family(15, USE, Text::new("福祉用具貸与", "rented equipment"))
    },
    Family {
        purpose: Text::new(
            "減算と率の加算を書き出せる",
            "reductions and additions at a rate are exported",
        ),
        expected: Text::new(
            "減算はマイナスの単位数、率の加算は時刻9999で入る",
            "negative units, and 9999 for additions at a rate",
        ),
        clause: "L UPPLAN 8, L UPPLAN 12-13",
        units: &[rich(3)],
        service_kinds: &[(D2, &["15"]), (D3, &["15"])],
        requirements: &[(&[], needs::REDUCTION), (&[], needs::UNTIMED)],
        ..family(16, HOME_USE, Text::new("減算・率の加算", "reductions, additions at a rate"))
    },
    Family {
        purpose: Text::new(
            "連携対象外のサービスを書き出さない",
            "services outside the exchange are left out",
        ),
        expected: Text::new(
            "対象外の種類の行がなく、対象外だけの利用者は現れない",
            "no such row, and nobody who has nothing else",
        ),
        clause: "S 1.3, S 2.6, S 3.6",
        requirements: &[(&[], needs::ONLY_COVERED), (&[], needs::NOBODY_UNCOVERED)],
        instruction: Some(Text::new(
            "1人目には、課題票のサービスに加えて連携対象外のサービス（例：特定福祉用具販売41、予防では44）を登録します。2人目（氏名と番号は課題票の最後）には対象外のサービスだけを登録します。両方を選んで書き出し、対象外の行と2人目が出ないことを確かめます。",
            "Give the first person a service outside the exchange too (such as 41; 44 in prevention), and the second person, named at the end of the sheet, nothing else. Choose both and export.",
        )),
        ..family(18, USE, Text::new("連携対象外のサービス", "services outside the exchange"))
    },
    Family {
        purpose: Text::new(
            "家族構成の画像を付けて書き出せる",
            "a family chart travels with the basic information",
        ),
        expected: Text::new(
            "JPEGが同じ送信単位にあり、項目62の名前と一致する",
            "the JPEG is in the unit under the name in item 62",
        ),
        clause: "L UPKIHON 62, S 3.4(1)",
        requirements: &[(&[], needs::IMAGE)],
        ..family(19, &[D4], Text::new("家族構成の画像", "family chart"))
    },
    Family {
        purpose: Text::new(
            "支援計画書と利用者基本情報を1つの送信単位で書き出せる",
            "plan and basic information in one send unit",
        ),
        expected: Text::new(
            "UPYOBOとUPKIHONが同じ連番でそろう",
            "UPYOBO and UPKIHON under one sequence",
        ),
        clause: "S 3.4(2)",
        units: &[CaseUnit { choice: UnitChoice::Named("Y2"), ..ONE }],
        ..family(20, &[D5], Text::new("基本情報と一緒に", "with the basic information"))
    },
    Family {
        purpose: Text::new("書き出したファイルを実際に送れる", "the export really goes out"),
        expected: Text::new(
            "送信の記録に、01で書き出したのと同じファイル（ハッシュ値が同じ）がある",
            "the relay's evidence has the very files of item 01",
        ),
        clause: "S 2.1, S 3.1",
        of: Some(1),
        judged: &[Judge::Relay],
        ..family(80, &Pattern::ALL, Text::new("送信", "sending"))
    },
    Family {
        purpose: Text::new(
            "印刷した様式と書き出した内容が食い違わない",
            "what is printed is what is exported",
        ),
        expected: Text::new(
            "02の書き出しを様式で表示したものと、製品の印刷・画面が同じ",
            "the forms of the export of item 02 and the product's own print agree",
        ),
        clause: "L",
        of: Some(2),
        judged: &[Judge::Person],
        ..family(90, &Pattern::ALL, Text::new("帳票との見比べ", "compared with the print"))
    },
];
