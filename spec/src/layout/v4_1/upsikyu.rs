//! サービス利用票別表（第7表） (UPSIKYU), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L UPSIKYU <no>`.

use crate::layout::layout;

layout! {
    V4_1 Upsikyu;
    // no  id                          項目名                       長   必須    書式                個人     確度   注
     1 CSV_VERSION                 "CSVバージョン"              6       Yes     CsvVersion          Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER              "保険者番号"                 6       Yes     InsurerNumber       Public   High   "";
     3 INSURED_NUMBER              "被保険者番号"               10      Yes     InsuredNumber       Personal High   "10桁数字。生活保護単独はH＋数字9桁";
     4 CREATED_DATE                "作成年月日"                 8       Yes     Date                Public   High   "7表を作った日";
     5 TARGET_MONTH                "対象年月"                   6       Yes     Month               Public   High   "1ファイル1か月、ファイル名と一致";
     6 SERVICE_OFFICE_NAME         "サービス事業所名"           free    No      FreeText            Personal High   "";
     7 SERVICE_OFFICE_NUMBER       "サービス事業所コード"       10      Yes     OfficeNumberOrNines Public   High   "全合計の行は9が10個";
     8 SATELLITE_BRANCH_NO         "サテライト枝番"             2       No      Opaque              Public   High   "サテライトでなければ空";
     9 SERVICE_CODE                "サービスコード"             6       Yes     ServiceCodeOrTotal  Public   High   "先頭2桁はサービス種類";
    10 TAIS_CODE                   "TAISコード"                 12      No      EquipmentCode       Public   High   "種類17・67では10か11のどちらかが必要";
    11 EQUIPMENT_NOTIFICATION_CODE "福祉用具届出コード"         12      No      EquipmentCode       Public   High   "種類17・67では10か11のどちらかが必要";
    12 EQUIPMENT_NAME              "用具名称（機種名）"         free    No      FreeText            Personal High   "";
    13 UNITS                       "単位数"                     6       Yes     Integer             Public   High   "小計・全合計は0固定。共生型は月初日に減算単位数、他は0";
    14 DISCOUNT_RATE               "割引後率"                   5       No      Integer             Public   High   "小計・全合計は空";
    15 DISCOUNTED_UNITS            "割引後単位数"               6       No      Integer             Public   High   "小計・全合計は空";
    16 COUNT_OR_DAYS               "回数／日数"                 3       Yes     Integer             Public   High   "V4で2桁から3桁へ";
    17 SERVICE_UNITS_OR_AMOUNT     "サービス単位金額"           5       No      Integer             Public   High   "";
    18 BENEFIT_MANAGEMENT_UNITS    "給付管理単位数"             6       No      Integer             Public   High   "区分支給限度外は空。大規模型通所と小多機・看多機の同一建物減算が含まれない場合は出力側の仕様で空も可";
    19 KIND_LIMIT_OVER_UNITS       "種類支給限度基準超単位数"   6       No      Integer             Public   High   "";
    20 KIND_LIMIT_WITHIN_UNITS     "種類支給限度基準内単位数"   6       No      Integer             Public   High   "";
    21 CATEGORY_LIMIT_OVER_UNITS   "区分支給限度基準超単位数"   6       No      Integer             Public   High   "";
    22 CATEGORY_LIMIT_WITHIN_UNITS "区分支給限度基準内単位数"   6       No      Integer             Public   High   "";
    23 UNIT_PRICE                  "単位数単価"                 6       No      Decimal             Public   High   "99.99の形";
    24 TOTAL_COST_INSURED          "費用総額保険／事業対象分"   6       No      Integer             Public   High   "";
    25 BENEFIT_RATE                "給付率"                     6       No      Integer             Public   High   "整数。単位は仕様に明記なし（百分率と読むのが通例）";
    26 INSURANCE_CLAIM_AMOUNT      "保険／事業費請求額"         6       No      Integer             Public   High   "";
    27 FIXED_COPAY_UNIT_AMOUNT     "定額利用者負担単価金額"     6       No      Integer             Public   High   "総合事業の定額サービス";
    28 USER_COPAY_INSURED          "利用者負担保険／事業対象分" 6       No      Integer             Public   High   "";
    29 USER_COPAY_FULL             "利用者負担（全額負担分）"   6       No      Integer             Public   High   "";
    30 DAYS_USED_BEFORE_MONTH      "前月までの利用日数"         5       No      Integer             Public   Low    "5桁まで受け入れ、3桁以上は注意に留めるのが安全";
    31 PLANNED_DAYS_THIS_MONTH     "当月の計画利用日数"         2       No      Integer             Public   High   "";
    32 DAYS_USED_CUMULATIVE        "累積利用日数"               5       No      Integer             Public   High   "";
    33 OVER_30_DAYS                "３０日超区分"               1       Yes     Code(APPLIES)       Public   High   "";
    34 OFFICE_CODE_FIXED           "事業所コード"               10      No      Nines               Public   High   "固定値。○は付いていない";
    35 OPERATOR_CODE               "入力者コード"               10      No      Opaque              Public   High   "書式の説明なし";
    36 UPDATED_BY_OFFICE_NUMBER    "更新業者コード"             10      No      OfficeNumber        Public   High   "居宅介護支援事業者番号";
    37 IDENTIFIER_UNUSED           "識別子"                     1       No      Unused              Public   High   "使用しない項目。出力は空、入力は無視";
}
