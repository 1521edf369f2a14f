//! 居宅サービス計画書（第1表） (UP1KYO), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L UP1KYO <no>`.

use crate::layout::layout;

layout! {
    V4_1 Up1kyo;
    // no  id                          項目名                                         長   必須    書式                        個人     確度   注
     1 CSV_VERSION                 "CSVバージョン"                                6       Yes     CsvVersion                  Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER              "保険者番号"                                   6       Yes     InsurerNumber               Public   High   "要介護者が属する自治体のコード";
     3 INSURED_NUMBER              "被保険者番号"                                 10      Yes     InsuredNumber               Personal High   "10桁数字。生活保護単独はH＋数字9桁";
     4 CREATED_DATE                "作成年月日"                                   8       Yes     Date                        Public   High   "";
     5 USER_POSTAL_CODE            "利用者郵便番号"                               8       No      PostalCode                  Personal High   "XXX-XXXX";
     6 USER_ADDRESS1               "利用者住所１"                                 free    No      FreeText                    Personal High   "";
     7 USER_ADDRESS2               "利用者住所２"                                 free    No      FreeText                    Personal High   "";
     8 PLANNER_NAME                "居宅サービス計画作成者氏名"                   free    Yes     FreeText                    Personal High   "";
     9 PLANNER_OFFICE_NAME         "介護支援事業者名"                             free    Yes     FreeText                    Personal High   "";
    10 PLANNER_OFFICE_POSTAL_CODE  "介護支援事業者郵便番号"                       8       No      PostalCode                  Personal High   "XXX-XXXX";
    11 PLANNER_OFFICE_ADDRESS1     "介護支援事業者住所１"                         free    No      FreeText                    Personal High   "";
    12 PLANNER_OFFICE_ADDRESS2     "介護支援事業者住所２"                         free    No      FreeText                    Personal High   "";
    13 PLANNER_OFFICE_NUMBER       "介護支援事業者コード"                         10      Yes     OfficeNumber                Public   High   "居宅介護支援事業者番号";
    14 PLAN_DATE                   "居宅サービス計画作成（変更）日"               8       Yes     Date                        Public   High   "2表・3表・補足・1表削除とのキー";
    15 FIRST_PLAN_DATE             "初回居宅サービス計画作成日"                   8       Yes     Date                        Public   High   "";
    16 PLAN_CATEGORY               "計画書区分"                                   2       No      Code(PLAN_CATEGORY)         Public   High   "";
    17 CERTIFICATION_STATUS        "認定状況区分"                                 1       No      Code(CERTIFICATION_STATUS)  Public   High   "";
    18 CERTIFICATION_DATE          "認定日"                                       8       No      Date                        Public   High   "";
    19 CERTIFICATION_START_DATE    "認定有効期間開始日"                           8       No      Date                        Public   High   "";
    20 CERTIFICATION_END_DATE      "認定有効期間終了日"                           8       No      Date                        Public   High   "";
    21 CARE_LEVEL                  "要介護状態区分"                               2       No      Code(CARE_LEVEL)            Public   High   "";
    22 ISSUE_ANALYSIS_RESULT       "利用者及び家族の生活に対する意向を踏まえた課題分析の結果" free    No      FreeText                    Personal High   "";
    23 REVIEW_BOARD_OPINION        "介護認定審査会の意見及びサービスの種類の指定" free    No      FreeText                    Personal High   "";
    24 OVERALL_SUPPORT_POLICY      "総合的な援助の方針"                           free    No      FreeText                    Personal High   "";
    25 LIVING_SUPPORT_REASON       "生活援助中心型の算定理由"                     1       No      Code(LIVING_SUPPORT_REASON) Public   High   "複数該当時の書き方は仕様に無い";
    26 LIVING_SUPPORT_OTHER_REASON "その他理由"                                   free    No      FreeText                    Personal High   "";
    27 UPDATED_BY_OFFICE_NUMBER    "更新業者コード"                               10      No      OfficeNumber                Public   High   "居宅介護支援事業者番号";
    28 IDENTIFIER_UNUSED           "識別子"                                       1       No      Unused                      Public   High   "使用しない項目。出力は空、入力は無視";
}
