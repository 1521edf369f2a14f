//! 利用者補足情報 (UPHOSOKU), 標準仕様 3.x (CSVバージョン 202208).
//!
//! One row per 項目 of the official table, in its order. Clause: `V3 L UPHOSOKU <no>`.

use crate::layout::layout;

layout! {
    V3 Uphosoku;
    // no  id                              項目名                           長   必須    書式                       個人     確度   注
     1 CSV_VERSION                     "CSVバージョン"                  6       Yes     CsvVersion                 Public   Medium "1ファイル内で混在不可。V3は202208（適用はサービス提供年月2023年1月から、V4.1の適用開始まで）";
     2 INSURER_NUMBER                  "保険者番号"                     6       Yes     InsurerNumber              Public   Medium "要介護者が属する自治体のコード";
     3 INSURED_NUMBER                  "被保険者番号"                   10      Yes     InsuredNumber              Personal Medium "10桁数字。生活保護単独はH＋数字9桁";
     4 PLAN_DATE                       "居宅サービス計画作成（変更）日" 8       Yes     DateOrZeros                Public   Medium "1・2表に紐づくときは第1表の計画作成（変更）日と一致。6・7表に紐づくときは00000000";
     5 USER_NAME_KANA                  "利用者氏名フリガナ"             free    Yes     FreeText                   Personal Medium "";
     6 USER_NAME                       "利用者氏名"                     free    Yes     FreeText                   Personal Medium "";
     7 USER_SEX                        "利用者性別"                     1       Yes     Code(SEX)                  Public   Medium "";
     8 USER_BIRTH_DATE                 "利用者生年月日"                 8       Yes     Date                       Personal Medium "";
     9 USER_POSTAL_CODE                "利用者郵便番号"                 8       No      PostalCode                 Personal Medium "XXX-XXXX（ハイフン入り8文字）";
    10 USER_ADDRESS1                   "利用者住所１"                   free    No      FreeText                   Personal Medium "";
    11 USER_ADDRESS2                   "利用者住所２"                   free    No      FreeText                   Personal Medium "";
    12 USER_PHONE                      "利用者電話番号"                 15      No      Phone                      Personal Medium "書式の指定なし";
    13 CERTIFICATION_DATE              "認定日"                         8       No      Date                       Public   Medium "";
    14 LIMIT_START_DATE                "限度額適用開始年月日"           8       No      Date                       Public   Medium "";
    15 LIMIT_END_DATE                  "限度額適用終了年月日"           8       No      Date                       Public   Medium "";
    16 CERTIFICATION_STATUS            "認定状況区分"                   1       No      Code(CERTIFICATION_STATUS) Public   Medium "";
    17 CARE_LEVEL_CHANGED_DATE         "要介護状態変更日"               8       No      Date                       Public   Medium "区分変更時に使う";
    18 CARE_LEVEL                      "要介護状態区分"                 2       No      Code(CARE_LEVEL)           Public   Medium "";
    19 CATEGORY_LIMIT_UNITS            "区分支給限度基準額"             7       No      Integer                    Public   Medium "";
    20 TYPE1_SERVICE_KIND              "１サービス種類コード"           2       No      ServiceKind                Public   Medium "サービス種類別限度額管理が必要なときだけ1枠から詰めて設定。短期入所療養介護は22（老健）で表す";
    21 TYPE1_LIMIT_UNITS               "１支給限度基準額"               7       No      Integer                    Public   Medium "種類別限度額管理が必要なときだけ。種類コードがある枠のみ";
    22 TYPE1_TOTAL_UNITS               "１合計単位数"                   7       No      Integer                    Public   Medium "同上";
    23 TYPE1_OVER_LIMIT_UNITS          "１限度超単位数"                 7       No      Integer                    Public   Medium "同上";
    24 TYPE2_SERVICE_KIND              "２サービス種類コード"           2       No      ServiceKind                Public   Medium "サービス種類別限度額管理が必要なときだけ1枠から詰めて設定。短期入所療養介護は22（老健）で表す";
    25 TYPE2_LIMIT_UNITS               "２支給限度基準額"               7       No      Integer                    Public   Medium "種類別限度額管理が必要なときだけ。種類コードがある枠のみ";
    26 TYPE2_TOTAL_UNITS               "２合計単位数"                   7       No      Integer                    Public   Medium "同上";
    27 TYPE2_OVER_LIMIT_UNITS          "２限度超単位数"                 7       No      Integer                    Public   Medium "同上";
    28 TYPE3_SERVICE_KIND              "３サービス種類コード"           2       No      ServiceKind                Public   Medium "サービス種類別限度額管理が必要なときだけ1枠から詰めて設定。短期入所療養介護は22（老健）で表す";
    29 TYPE3_LIMIT_UNITS               "３支給限度基準額"               7       No      Integer                    Public   Medium "種類別限度額管理が必要なときだけ。種類コードがある枠のみ";
    30 TYPE3_TOTAL_UNITS               "３合計単位数"                   7       No      Integer                    Public   Medium "同上";
    31 TYPE3_OVER_LIMIT_UNITS          "３限度超単位数"                 7       No      Integer                    Public   Medium "同上";
    32 TYPE4_SERVICE_KIND              "４サービス種類コード"           2       No      ServiceKind                Public   Medium "サービス種類別限度額管理が必要なときだけ1枠から詰めて設定。短期入所療養介護は22（老健）で表す";
    33 TYPE4_LIMIT_UNITS               "４支給限度基準額"               7       No      Integer                    Public   Medium "種類別限度額管理が必要なときだけ。種類コードがある枠のみ";
    34 TYPE4_TOTAL_UNITS               "４合計単位数"                   7       No      Integer                    Public   Medium "同上";
    35 TYPE4_OVER_LIMIT_UNITS          "４限度超単位数"                 7       No      Integer                    Public   Medium "同上";
    36 TYPE5_SERVICE_KIND              "５サービス種類コード"           2       No      ServiceKind                Public   Medium "サービス種類別限度額管理が必要なときだけ1枠から詰めて設定。短期入所療養介護は22（老健）で表す";
    37 TYPE5_LIMIT_UNITS               "５支給限度基準額"               7       No      Integer                    Public   Medium "種類別限度額管理が必要なときだけ。種類コードがある枠のみ";
    38 TYPE5_TOTAL_UNITS               "５合計単位数"                   7       No      Integer                    Public   Medium "同上";
    39 TYPE5_OVER_LIMIT_UNITS          "５限度超単位数"                 7       No      Integer                    Public   Medium "同上";
    40 TYPE6_SERVICE_KIND              "６サービス種類コード"           2       No      ServiceKind                Public   Medium "サービス種類別限度額管理が必要なときだけ1枠から詰めて設定。短期入所療養介護は22（老健）で表す";
    41 TYPE6_LIMIT_UNITS               "６支給限度基準額"               7       No      Integer                    Public   Medium "種類別限度額管理が必要なときだけ。種類コードがある枠のみ";
    42 TYPE6_TOTAL_UNITS               "６合計単位数"                   7       No      Integer                    Public   Medium "同上";
    43 TYPE6_OVER_LIMIT_UNITS          "６限度超単位数"                 7       No      Integer                    Public   Medium "同上";
    44 TYPE7_SERVICE_KIND              "７サービス種類コード"           2       No      ServiceKind                Public   Medium "サービス種類別限度額管理が必要なときだけ1枠から詰めて設定。短期入所療養介護は22（老健）で表す";
    45 TYPE7_LIMIT_UNITS               "７支給限度基準額"               7       No      Integer                    Public   Medium "種類別限度額管理が必要なときだけ。種類コードがある枠のみ";
    46 TYPE7_TOTAL_UNITS               "７合計単位数"                   7       No      Integer                    Public   Medium "同上";
    47 TYPE7_OVER_LIMIT_UNITS          "７限度超単位数"                 7       No      Integer                    Public   Medium "同上";
    48 TYPE8_SERVICE_KIND              "８サービス種類コード"           2       No      ServiceKind                Public   Medium "サービス種類別限度額管理が必要なときだけ1枠から詰めて設定。短期入所療養介護は22（老健）で表す";
    49 TYPE8_LIMIT_UNITS               "８支給限度基準額"               7       No      Integer                    Public   Medium "種類別限度額管理が必要なときだけ。種類コードがある枠のみ";
    50 TYPE8_TOTAL_UNITS               "８合計単位数"                   7       No      Integer                    Public   Medium "同上";
    51 TYPE8_OVER_LIMIT_UNITS          "８限度超単位数"                 7       No      Integer                    Public   Medium "同上";
    52 TYPE9_SERVICE_KIND              "９サービス種類コード"           2       No      ServiceKind                Public   Medium "サービス種類別限度額管理が必要なときだけ1枠から詰めて設定。短期入所療養介護は22（老健）で表す";
    53 TYPE9_LIMIT_UNITS               "９支給限度基準額"               7       No      Integer                    Public   Medium "種類別限度額管理が必要なときだけ。種類コードがある枠のみ";
    54 TYPE9_TOTAL_UNITS               "９合計単位数"                   7       No      Integer                    Public   Medium "同上";
    55 TYPE9_OVER_LIMIT_UNITS          "９限度超単位数"                 7       No      Integer                    Public   Medium "同上";
    56 TOTAL_OVER_LIMIT_UNITS          "合計限度超単位数"               7       No      Integer                    Public   Medium "";
    57 SHORT_STAY_DAYS_BEFORE_MONTH    "入所前月迄利用日数"             5       No      Integer                    Public   Medium "";
    58 SHORT_STAY_DAYS_CUMULATIVE      "入所累積利用日数"               5       No      Integer                    Public   Medium "";
    59 PREVIOUS_CARE_LEVEL             "前回要介護状態区分"             2       No      Code(CARE_LEVEL)           Public   Medium "";
    60 CONSENT_RECEIVING_OFFICE_NUMBER "同意書受付業者"                 10      No      OfficeNumber               Public   Medium "居宅介護支援事業者番号";
    61 UPDATED_BY_OFFICE_NUMBER        "更新業者コード"                 10      No      OfficeNumber               Public   Medium "居宅介護支援事業者番号";
    62 IDENTIFIER_UNUSED               "識別子"                         1       No      Unused                     Public   Medium "使用しない項目。出力は空、入力は無視";
    63 TARGET_MONTH                    "対象年月"                       6       Yes     MonthOrZeros               Public   Medium "6・7表に紐づくときはサービス提供年月、1・2表に紐づくときは000000。ファイル名の提供年月と一致";
}
