//! サービス利用票別表（第7表） (UPSIKYU), 標準仕様 3.x (CSVバージョン 202208).
//!
//! One row per 項目 of the official table, in its order. Clause: `V3 L UPSIKYU <no>`.

use crate::layout::layout;

layout! {
    V3 Upsikyu;
    // no  id                          項目名                       長   必須    書式                個人     確度   注
     1 CSV_VERSION                 "CSVバージョン"              6       Yes     CsvVersion          Public   Medium "1ファイル内で混在不可。V3は202208（適用はサービス提供年月2023年1月から、V4.1の適用開始まで）";
     2 INSURER_NUMBER              "保険者番号"                 6       Yes     InsurerNumber       Public   Medium "";
     3 INSURED_NUMBER              "被保険者番号"               10      Yes     InsuredNumber       Personal Medium "10桁数字。生活保護単独はH＋数字9桁";
     4 CREATED_DATE                "作成年月日"                 8       Yes     Date                Public   Medium "7表を作った日";
     5 TARGET_MONTH                "対象年月"                   6       Yes     Month               Public   Medium "1ファイル1か月、ファイル名と一致";
     6 SERVICE_OFFICE_NAME         "サービス事業所名"           free    No      FreeText            Personal Medium "";
     7 SERVICE_OFFICE_NUMBER       "サービス事業所コード"       10      Yes     OfficeNumberOrNines Public   Medium "全合計の行は9が10個";
     8 SATELLITE_BRANCH_NO         "サテライト枝番"             2       No      Opaque              Public   Medium "サテライトでなければ空";
     9 SERVICE_CODE                "サービスコード"             6       Yes     ServiceCodeOrTotal  Public   Medium "先頭2桁はサービス種類";
    10 UNITS                       "単位数"                     6       Yes     Integer             Public   Medium "小計・全合計は0固定。共生型は月初日に減算単位数、他は0";
    11 DISCOUNT_RATE               "割引後率"                   5       No      Integer             Public   Medium "小計・全合計は空";
    12 DISCOUNTED_UNITS            "割引後単位数"               6       No      Integer             Public   Medium "小計・全合計は空";
    13 COUNT_OR_DAYS               "回数／日数"                 2       Yes     Integer             Public   High   "V3は2桁（V4で3桁）";
    14 SERVICE_UNITS_OR_AMOUNT     "サービス単位金額"           5       No      Integer             Public   Medium "";
    15 BENEFIT_MANAGEMENT_UNITS    "給付管理単位数"             6       No      Integer             Public   Medium "区分支給限度外は空。大規模型通所と小多機・看多機の同一建物減算が含まれない場合は出力側の仕様で空も可";
    16 KIND_LIMIT_OVER_UNITS       "種類支給限度基準超単位数"   6       No      Integer             Public   Medium "";
    17 KIND_LIMIT_WITHIN_UNITS     "種類支給限度基準内単位数"   6       No      Integer             Public   Medium "";
    18 CATEGORY_LIMIT_OVER_UNITS   "区分支給限度基準超単位数"   6       No      Integer             Public   Medium "";
    19 CATEGORY_LIMIT_WITHIN_UNITS "区分支給限度基準内単位数"   6       No      Integer             Public   Medium "";
    20 UNIT_PRICE                  "単位数単価"                 6       No      Decimal             Public   Medium "99.99の形";
    21 TOTAL_COST_INSURED          "費用総額保険／事業対象分"   6       No      Integer             Public   Medium "";
    22 BENEFIT_RATE                "給付率"                     6       No      Integer             Public   Medium "整数（百分率）";
    23 INSURANCE_CLAIM_AMOUNT      "保険／事業費請求額"         6       No      Integer             Public   Medium "";
    24 FIXED_COPAY_UNIT_AMOUNT     "定額利用者負担単価金額"     6       No      Integer             Public   Medium "総合事業の定額サービス";
    25 USER_COPAY_INSURED          "利用者負担保険／事業対象分" 6       No      Integer             Public   Medium "";
    26 USER_COPAY_FULL             "利用者負担（全額負担分）"   6       No      Integer             Public   Medium "";
    27 DAYS_USED_BEFORE_MONTH      "前月までの利用日数"         5       No      Integer             Public   High   "V3.2で2桁から5桁へ（V3.0/3.1は2桁）";
    28 PLANNED_DAYS_THIS_MONTH     "当月の計画利用日数"         2       No      Integer             Public   Medium "";
    29 DAYS_USED_CUMULATIVE        "累積利用日数"               5       No      Integer             Public   Medium "";
    30 OVER_30_DAYS                "３０日超区分"               1       Yes     Code(APPLIES)       Public   Medium "";
    31 OFFICE_CODE_FIXED           "事業所コード"               10      No      Nines               Public   Medium "固定値。○は付いていない";
    32 OPERATOR_CODE               "入力者コード"               10      No      Opaque              Public   Medium "書式の説明なし";
    33 UPDATED_BY_OFFICE_NUMBER    "更新業者コード"             10      No      OfficeNumber        Public   Medium "居宅介護支援事業者番号";
    34 IDENTIFIER_UNUSED           "識別子"                     1       No      Unused              Public   Medium "使用しない項目。出力は空、入力は無視";
}
