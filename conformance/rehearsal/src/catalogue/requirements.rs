//! What exports must hold, each declared once.

use careplan_spec::{FileKind, Text};

use crate::requirement::{Is, Requirement, Test};

/// Planned or actual use.
const USE: &[FileKind] = &[FileKind::Upplan, FileKind::Upjsk];

pub(super) const LINE_BREAK: Requirement = Requirement {
    what: Text::new("文中に改行のある自由記述", "a free text with a line break inside"),
    fix: Text::new(
        "課題票のとおり、長い文章の欄に改行を入れて入力し、改行を捨てずに書き出してください",
        "enter a line break in one of the long texts and export it as it is",
    ),
    clause: "L（自由記述の注記）",
    test: Test::AnyText(Is::Holding("\n")),
};

pub(super) const QUOTE: Requirement = Requirement {
    what: Text::new("文中に半角の「\"」のある自由記述", "a free text with a double quote inside"),
    fix: Text::new(
        "文章に半角の「\"」を入れて入力し、書き出しでは2つ重ねて（\"\"）ください",
        "enter a double quote in a text; the export doubles it",
    ),
    clause: "L（自由記述の注記）",
    test: Test::AnyText(Is::Holding("\"")),
};

pub(super) const COMMA: Requirement = Requirement {
    what: Text::new("文中に半角カンマのある自由記述", "a free text with a comma inside"),
    fix: Text::new(
        "文章に半角カンマを入れて入力し、そのまま引用符の中に書き出してください",
        "enter a comma in a text and export it inside the quotes",
    ),
    clause: "S 4.2",
    test: Test::AnyText(Is::Holding(",")),
};

pub(super) const LONG_TEXT: Requirement = Requirement {
    what: Text::new("1,000文字以上の自由記述", "a free text of 1,000 characters or more"),
    fix: Text::new(
        "課題票の長い文章を最後まで入力し、途中で切らずに書き出してください。標準仕様は自由記述に桁数を定めていません",
        "enter the long text of the sheet to its end and export all of it; the standard gives free text no length",
    ),
    clause: "L（項目長の空欄）",
    test: Test::AnyText(Is::AtLeastLong(1000)),
};

pub(super) const IBM_EXTENSION: Requirement = Requirement {
    what: Text::new("IBM拡張文字「髙」を含む自由記述", "a free text with 髙 (IBM extension)"),
    fix: Text::new(
        "氏名や文章に「髙」（はしごだか）を入力し、「高」や「?」に置き換えずに書き出してください",
        "enter 髙 and export it without replacing it",
    ),
    clause: "S 4.3",
    test: Test::AnyText(Is::Holding("髙")),
};

pub(super) const NEC_ROW_13: Requirement = Requirement {
    what: Text::new("NEC特殊文字「①」を含む自由記述", "a free text with ① (NEC row 13)"),
    fix: Text::new(
        "文章に「①」を入力し、置き換えずに書き出してください",
        "enter ① and export it without replacing it",
    ),
    clause: "S 4.3",
    test: Test::AnyText(Is::Holding("①")),
};

pub(super) const REVISION: Requirement = Requirement {
    what: Text::new(
        "同じ利用者・同じ日付（年月）の2回目の書き出しで、内容が変わり、連番が新しいもの",
        "the same papers of one person a second time, changed, under a later sequence",
    ),
    fix: Text::new(
        "一度書き出したあとで内容を1か所変え、もう一度書き出して、両方のファイルを置いてください",
        "export, change something, export again, and put both exports here",
    ),
    clause: "S 5.1.1.1, S 5.2.1.1",
    test: Test::Revision,
};

pub(super) const DELETION: Requirement = Requirement {
    what: Text::new(
        "先に書き出した内容を取り消す削除ファイル（同じ保険者番号・被保険者番号・日付）",
        "a deletion file with the keys of what was exported before it",
    ),
    fix: Text::new(
        "まず通常の書き出しをし、そのあと削除を書き出して、両方を置いてください。キーは元のファイルと一字一句同じにします",
        "export the papers, then their deletion, and put both here; the keys must be the same",
    ),
    clause: "S 2.3, S 3.3",
    test: Test::DeletionOfSent,
};

pub(super) const SEVERAL_PEOPLE: Requirement = Requirement {
    what: Text::new("1つのファイルに5人以上", "five people or more in one file"),
    fix: Text::new(
        "課題票の利用者全員を、1回の書き出しにまとめてください",
        "export everybody on the sheet at once",
    ),
    clause: "L（ファイル作成単位）",
    test: Test::People(5),
};

pub(super) const TWO_MONTHS: Requirement = Requirement {
    what: Text::new("2つの提供年月の送信単位", "send units of two service months"),
    fix: Text::new(
        "当月分と翌月分を、別々のファイル（別々の送信単位）に書き出してください",
        "export this month and the next as units of their own",
    ),
    clause: "S 5.1.1.3, L（ファイル作成単位）",
    test: Test::TwoMonths,
};

pub(super) const H_NUMBER: Requirement = Requirement {
    what: Text::new(
        "被保険者番号がH番号（H＋9桁）の利用者",
        "a person with an H number (H and nine digits)",
    ),
    fix: Text::new(
        "生活保護単独の利用者を登録し、H番号のまま書き出してください。数字だけにしてはいけません",
        "enter a person on public assistance alone and keep the H",
    ),
    clause: "L（被保険者番号）",
    test: Test::Record(
        &[FileKind::Up1kyo, FileKind::Upplan, FileKind::Upjsk],
        &[("INSURED_NUMBER", Is::StartingWith("H"))],
    ),
};

pub(super) const OVER_30_DAYS: Requirement = Requirement {
    what: Text::new("３０日超区分が1の短期入所の行", "a row of a short stay with ３０日超区分 1"),
    fix: Text::new(
        "前月から続く短期入所を登録し、30日を超えた日の行に３０日超区分1を立ててください",
        "enter a stay from the month before and mark the day beyond the 30th",
    ),
    clause: "L UPPLAN 23, L UPJSK 23",
    test: Test::Record(USE, &[("OVER_30_DAYS", Is::Equal("1"))]),
};

pub(super) const FULL_COPAY: Requirement = Requirement {
    what: Text::new(
        "第7表に３０日超区分1で全額自己負担の行",
        "a row of table 7 beyond 30 days that the person pays in full",
    ),
    fix: Text::new(
        "30日超の分を第7表で別の行に分け、利用者負担（全額負担分）に金額を入れてください",
        "part the days beyond 30 in table 7 and fill the amount paid in full",
    ),
    clause: "L UPSIKYU 33",
    test: Test::Record(
        &[FileKind::Upsikyu],
        &[("OVER_30_DAYS", Is::Equal("1")), ("USER_COPAY_FULL", Is::Filled)],
    ),
};

pub(super) const PER_DIEM: Requirement = Requirement {
    what: Text::new(
        "日割対象日（31桁の0と1）が入った行",
        "a row with 日割対象日 (31 characters 0 and 1)",
    ),
    fix: Text::new(
        "月の途中で始まる（または区分が変わる）包括報酬のサービスを日割で登録し、日割対象日を31桁で書き出してください",
        "enter a monthly fee by days and export all 31 characters",
    ),
    clause: "L UPPLAN 11, L UPJSK 11",
    test: Test::Record(USE, &[("PER_DIEM_BITMAP", Is::SomeDays)]),
};

pub(super) const SATELLITE: Requirement = Requirement {
    what: Text::new("サテライト枝番が入った行", "a row with サテライト枝番"),
    fix: Text::new(
        "サテライトで提供したサービスを登録し、枝番を書き出してください。拠点ごとにファイルを分けてはいけません",
        "enter services of a satellite and export its number, in one file with the main site",
    ),
    clause: "L UPPLAN 22, L UPJSK 22, L（ファイル作成単位）",
    test: Test::Record(USE, &[("SATELLITE_BRANCH_NO", Is::Filled)]),
};

pub(super) const EQUIPMENT: Requirement = Requirement {
    what: Text::new(
        "福祉用具貸与の行で、TAISコードが入ったもの",
        "a row of rented equipment with its TAISコード",
    ),
    fix: Text::new(
        "福祉用具にTAISコードを登録し、半角「00001-000010」の形で書き出してください",
        "enter the TAIS code and export it half width",
    ),
    clause: "L UPPLAN 16, L UPJSK 16",
    test: Test::Record(USE, &[("TAIS_CODE", Is::Filled)]),
};

pub(super) const NOTIFICATION_CODE: Requirement = Requirement {
    what: Text::new(
        "福祉用具貸与の行で、福祉用具届出コードが入ったもの",
        "a row of rented equipment with its 福祉用具届出コード",
    ),
    fix: Text::new(
        "TAISコードのない用具には、福祉用具届出コードを登録して書き出してください",
        "equipment without a TAIS code carries its 届出コード",
    ),
    clause: "L UPPLAN 17, L UPJSK 17",
    test: Test::Record(USE, &[("EQUIPMENT_NOTIFICATION_CODE", Is::Filled)]),
};

pub(super) const TWINS: Requirement = Requirement {
    what: Text::new(
        "同じコード・同じ単位数の用具2つを、明細判別コード1・2で分けた行",
        "two items of one code and price, told apart by 明細判別コード 1 and 2",
    ),
    fix: Text::new(
        "同じ用具を2つ貸与する場合は、明細判別コードに1、2と番号を振ってください",
        "number items of one code and price 1, 2 …",
    ),
    clause: "L UPPLAN 19, L UPJSK 19",
    test: Test::Twins,
};

pub(super) const REDUCTION: Requirement = Requirement {
    what: Text::new("単位数がマイナスの減算の行", "a row of a reduction with negative units"),
    fix: Text::new(
        "送迎減算などを登録し、単位数をマイナスのまま書き出してください",
        "enter a reduction and export its negative units",
    ),
    clause: "L UPPLAN 8, L UPJSK 8",
    test: Test::Record(USE, &[("UNITS", Is::Negative)]),
};

pub(super) const UNTIMED: Requirement = Requirement {
    what: Text::new(
        "時刻が9999の行（率の加算、時刻のないサービス）",
        "a row with the time 9999 (an addition at a rate, a service without a time)",
    ),
    fix: Text::new(
        "時刻のない行は、開始・終了時刻とも9999で書き出してください",
        "rows without a time carry 9999 twice",
    ),
    clause: "L UPPLAN 12-13, L UPJSK 12-13",
    test: Test::Record(
        USE,
        &[("SERVICE_START_TIME", Is::Equal("9999")), ("SERVICE_END_TIME", Is::Equal("9999"))],
    ),
};

pub(super) const ONLY_COVERED: Requirement = Requirement {
    what: Text::new(
        "連携対象外のサービス種類の行がないこと",
        "no row of a kind outside the exchange",
    ),
    fix: Text::new(
        "特定福祉用具販売（41）、住宅改修（42）、施設サービスなど対象外の種類の行は書き出さないでください",
        "leave out rows of kinds such as 41 and 42",
    ),
    clause: "S 1.3, S 2.6",
    test: Test::OnlyCoveredKinds,
};

pub(super) const NOBODY_UNCOVERED: Requirement = Requirement {
    what: Text::new(
        "対象外のサービスだけの利用者が、どのファイルにもいないこと",
        "no record of the person who has only services outside the exchange",
    ),
    fix: Text::new(
        "対象外のサービスだけを使う利用者は、送る対象から外してください",
        "a person with only such services is not sent at all",
    ),
    clause: "S 2.6, S 3.6",
    test: Test::NothingAbout(1),
};

pub(super) const IMAGE: Requirement = Requirement {
    what: Text::new(
        "家族構成の画像（JPEG）と、その名前を書いた利用者基本情報",
        "a family chart (JPEG) and the record that names it",
    ),
    fix: Text::new(
        "家族構成図を登録し、画像ファイルを書き出して、その名前を項目62に入れてください",
        "export the chart and put its name into item 62",
    ),
    clause: "L UPKIHON 62",
    test: Test::Image,
};

pub(super) const ENTRUSTED_BASIC: Requirement = Requirement {
    what: Text::new("委託の有無が「2 委託」", "委託の有無 is 2 (entrusted)"),
    fix: Text::new(
        "居宅介護支援事業所に委託した利用者は、委託の有無に2を入れてください",
        "write 2 for a person whose plan is entrusted",
    ),
    clause: "L UPKIHON 6",
    test: Test::Record(&[FileKind::Upkihon], &[("OUTSOURCED", Is::Equal("2"))]),
};

pub(super) const ENTRUSTED_PLAN: Requirement = Requirement {
    clause: "L UPYOBO 6",
    test: Test::Record(&[FileKind::Upyobo], &[("OUTSOURCED", Is::Equal("2"))]),
    ..ENTRUSTED_BASIC
};

pub(super) const BY_ITSELF_BASIC: Requirement = Requirement {
    what: Text::new("委託の有無が「1 自前」", "委託の有無 is 1 (by itself)"),
    fix: Text::new(
        "委託していない利用者は、委託の有無に1を入れてください",
        "write 1 for a person whose plan the centre makes itself",
    ),
    clause: "L UPKIHON 6",
    test: Test::Record(&[FileKind::Upkihon], &[("OUTSOURCED", Is::Equal("1"))]),
};

pub(super) const BY_ITSELF_PLAN: Requirement = Requirement {
    clause: "L UPYOBO 6",
    test: Test::Record(&[FileKind::Upyobo], &[("OUTSOURCED", Is::Equal("1"))]),
    ..BY_ITSELF_BASIC
};
