//! Items of the reading side.

use careplan_fixtures::Texts;
use careplan_spec::Text;

use super::{CaseUnit, Family, Judge, Leaves, ONE, UnitChoice, rich};
use crate::pattern::Pattern::{self, D1, D2, D3, D4, D5, D6, D7};
use crate::pattern::Side::Reads;

const PLANS: &[Pattern] = &[D1, D4, D5];
const USE: &[Pattern] = &[D2, D3, D6, D7];
const HOME_USE: &[Pattern] = &[D2, D3];

const fn family(no: u8, patterns: &'static [Pattern], title: Text) -> Family {
    Family::new(no, Reads, patterns, title)
}

const fn written(writing: usize) -> CaseUnit {
    CaseUnit { writing, ..rich(writing as u64) }
}

const NOTHING_LOST: Text =
    Text::new("取り込んだ値が失われず、変わらない", "no value is lost or changed");

pub(super) const FAMILIES: &[Family] = &[
    Family {
        purpose: Text::new("ふつうの利用者を取り込める", "ordinary people are imported"),
        expected: NOTHING_LOST,
        clause: "S 2.4, S 3.4, L",
        units: &[CaseUnit { people: 3, ..ONE }],
        ..family(1, &Pattern::ALL, Text::new("基本（3人）", "plain, three people"))
    },
    Family {
        purpose: Text::new(
            "内容の多い利用者を取り込める",
            "people with demanding content are imported",
        ),
        expected: NOTHING_LOST,
        clause: "S 2.4, S 3.4, L",
        units: &[CaseUnit { people: 4, ..rich(0) }],
        ..family(2, &Pattern::ALL, Text::new("内容の多い例（4人）", "rich, four people"))
    },
    Family {
        purpose: Text::new(
            "仕様に反しないどの書き方のCSVでも取り込める（引用符の有無、改行の種類、最後の改行、並び順）",
            "every legal writing is imported: quotes, line ends, the last line end, order",
        ),
        expected: Text::new(
            "6つの送信単位（書き方が1つずつ違う）の6人全員が、同じように取り込まれる",
            "all six people of the six units, each written in another way, are there",
        ),
        clause: "S 4.2, L（自由記述の注記）；引用・改行・並び順は仕様に記載なし",
        units: &[written(0), written(1), written(2), written(3), written(4), written(5)],
        ..family(3, &Pattern::ALL, Text::new("さまざまな書き方", "legal writings"))
    },
    Family {
        purpose: Text::new("長い文章を切らずに取り込める", "long texts are imported whole"),
        expected: Text::new(
            "どの自由記述も最後の文字まで残る（文章は約2,000文字、氏名・住所は約60文字）",
            "every text is there to its last character: about 2,000 of prose, 60 of names",
        ),
        clause: "L（項目長の空欄）",
        units: &[CaseUnit { texts: Texts::Long, people: 2, ..rich(0) }],
        ..family(4, &Pattern::ALL, Text::new("長い文章", "long texts"))
    },
    Family {
        purpose: Text::new("MS932の全文字を取り込める", "every character of MS932 is imported"),
        expected: Text::new(
            "JIS第1・第2水準、NEC特殊文字、IBM拡張文字、半角カナが1文字も変わらない",
            "kanji of both levels, NEC row 13, IBM extensions, half-width kana: none is changed",
        ),
        clause: "S 4.3",
        units: &[CaseUnit { texts: Texts::EveryCharacter, people: 4, ..rich(0) }],
        ..family(5, PLANS, Text::new("全文字", "every character"))
    },
    Family {
        purpose: Text::new(
            "任意の項目が空でも取り込める",
            "people without optional values are imported",
        ),
        expected: Text::new("エラーにならず、空は空のまま", "no refusal, and empty stays empty"),
        clause: "L（必須）",
        units: &[CaseUnit { texts: Texts::RequiredOnly, people: 2, ..ONE }],
        ..family(6, &Pattern::ALL, Text::new("任意項目が空", "optional values empty"))
    },
    Family {
        purpose: Text::new(
            "送り直された内容で置き換わる（連番の順に処理する）",
            "what is sent again replaces what was there, in the order of the sequences",
        ),
        expected: Text::new(
            "連番の新しいほうの内容だけが残り、二重に登録されない",
            "only the later version is left, and nothing is there twice",
        ),
        clause: "S 2.5, S 3.5, S 5.1.1.1, S 5.2.1.1",
        units: &[CaseUnit { people: 2, ..ONE }, CaseUnit { people: 2, revision: 1, ..ONE }],
        leaves: Leaves::LastUnit,
        ..family(7, &Pattern::ALL, Text::new("変更（置き換え）", "update"))
    },
    Family {
        purpose: Text::new("削除を取り込める", "a deletion is imported"),
        expected: Text::new(
            "取り込んだ内容と、それにひも付くもの（第2・3表、第7表、別表、画像）が消える",
            "what was imported is gone, with everything that hangs on it",
        ),
        clause: "S 2.3, S 3.3",
        units: &[ONE, CaseUnit { choice: UnitChoice::Deletion, revision: 1, ..ONE }],
        leaves: Leaves::Nothing,
        judged: &[Judge::Person],
        ..family(8, &Pattern::ALL, Text::new("削除", "deletion"))
    },
    Family {
        purpose: Text::new("多人数のファイルを取り込める", "many people at once are imported"),
        expected: Text::new("30人全員が正しく取り込まれる", "all thirty are there"),
        clause: "L（ファイル作成単位）, S 2.3",
        units: &[CaseUnit { people: 30, ..ONE }],
        ..family(9, &Pattern::ALL, Text::new("多人数（30人）", "thirty people"))
    },
    Family {
        purpose: Text::new(
            "1回に届いた2つの送信単位（当月・翌月）を取り込める",
            "two send units of one message, two months, are imported",
        ),
        expected: Text::new("両方の月が別々に残る", "both months are there"),
        clause: "S 2.5, S 5.1.1.3",
        units: &[CaseUnit { people: 2, ..ONE }, CaseUnit { people: 2, months_later: 1, ..ONE }],
        ..family(10, USE, Text::new("2つの送信単位（2か月）", "two units, two months"))
    },
    Family {
        purpose: Text::new(
            "1回に届いた2つの送信単位（別の利用者）を取り込める",
            "two send units of one message, about different people, are imported",
        ),
        expected: Text::new("両方の利用者が残る", "both people are there"),
        clause: "S 2.5, S 3.5",
        units: &[ONE, CaseUnit { first: 1, ..ONE }],
        ..family(10, PLANS, Text::new("2つの送信単位", "two units"))
    },
    Family {
        purpose: Text::new("H番号の利用者を取り込める", "a person with an H number is imported"),
        expected: Text::new(
            "H番号のまま、同じ利用者として登録される",
            "the number keeps its H, and it is one person",
        ),
        clause: "L（被保険者番号）",
        units: &[rich(1), rich(6)],
        ..family(11, &[D1, D2, D3], Text::new("H番号（生活保護単独）", "H number"))
    },
    Family {
        purpose: Text::new("30日超の短期入所を取り込める", "a stay beyond 30 days is imported"),
        expected: Text::new("３０日超区分と日数が残る", "the mark and the days are there"),
        clause: "L UPPLAN 23, L UPSIKYU 33",
        units: &[rich(0), rich(4)],
        service_kinds: &[(D3, &["21"])],
        ..family(12, HOME_USE, Text::new("30日超の短期入所", "a stay beyond 30 days"))
    },
    Family {
        purpose: Text::new(
            "日割と月途中の区分変更を取り込める",
            "fees by days and a change within the month are imported",
        ),
        expected: Text::new(
            "日割対象日が31桁のまま残る（先頭の0が消えない）",
            "日割対象日 keeps all 31 characters",
        ),
        clause: "L UPPLAN 11, L UPJSK 11",
        units: &[rich(0), rich(2)],
        service_kinds: &[(D7, &["A6", "66", "A2"])],
        ..family(
            13,
            &[D6, D7],
            Text::new("日割・月途中の変更", "fees by days, changes within a month"),
        )
    },
    Family {
        purpose: Text::new("サテライトの枝番を取り込める", "numbers of satellites are imported"),
        expected: Text::new("枝番が残り、拠点が混ざらない", "the numbers are there"),
        clause: "L UPPLAN 22, L UPJSK 22",
        units: &[rich(2)],
        service_kinds: &[(D3, &["15", "16", "78", "72"])],
        ..family(14, HOME_USE, Text::new("サテライト（枝番）", "satellites"))
    },
    Family {
        purpose: Text::new("福祉用具貸与を取り込める", "rented equipment is imported"),
        expected: Text::new(
            "同じコード・同じ単位数の用具が1行にまとめられず、コードと名称が残る",
            "twins stay apart, codes and names are there",
        ),
        clause: "L UPPLAN 16-19, L UPJSK 16-19",
        units: &[rich(1), rich(5)],
        service_kinds: &[(D3, &["17"]), (D7, &["67"])],
        ..family(15, USE, Text::new("福祉用具貸与", "rented equipment"))
    },
    Family {
        purpose: Text::new(
            "減算と率の加算を取り込める",
            "reductions and additions at a rate are imported",
        ),
        expected: Text::new(
            "マイナスの単位数と時刻9999が残る",
            "negative units and 9999 are there",
        ),
        clause: "L UPPLAN 8, L UPPLAN 12-13",
        units: &[rich(3)],
        service_kinds: &[(D3, &["15"])],
        ..family(16, HOME_USE, Text::new("減算・率の加算", "reductions, additions at a rate"))
    },
    Family {
        purpose: Text::new(
            "支援計画書と利用者基本情報を組で取り込める",
            "plan and basic information are imported together",
        ),
        expected: NOTHING_LOST,
        clause: "S 3.4(2)",
        units: &[CaseUnit { choice: UnitChoice::Named("Y2"), people: 2, ..ONE }],
        ..family(20, &[D5], Text::new("基本情報と一緒に", "with the basic information"))
    },
    Family {
        purpose: Text::new("届いたファイルを実際に受け取れる", "the files really arrive"),
        expected: Text::new(
            "受信の記録に、01のキットと同じファイル（ハッシュ値が同じ）がある",
            "the relay's evidence has the very files of item 01",
        ),
        clause: "S 2.1, S 3.1",
        of: Some(1),
        judged: &[Judge::Relay],
        ..family(80, &Pattern::ALL, Text::new("受信", "receiving"))
    },
    Family {
        purpose: Text::new(
            "取り込んだ内容が画面・印刷で正しく見える",
            "what was imported is shown as it should be",
        ),
        expected: Text::new(
            "02の参照様式・確認表と、製品の画面・印刷のすべての値が同じ",
            "every value of the reference forms of item 02 stands on the product's screens",
        ),
        clause: "L",
        of: Some(2),
        judged: &[Judge::Person],
        ..family(90, &Pattern::ALL, Text::new("様式との見比べ", "compared with the forms"))
    },
];
