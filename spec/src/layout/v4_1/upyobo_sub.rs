//! 介護予防サービス・支援計画書 別表 (UPYOBO_SUB), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L UPYOBO_SUB <no>`.

use crate::layout::layout;

layout! {
    V4_1 UpyoboSub;
    // no  id                             項目名                                         長   必須    書式           個人     確度   注
     1 CSV_VERSION                    "CSVバージョン"                                6       Yes     CsvVersion     Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER                 "保険者番号"                                   6       Yes     InsurerNumber  Public   High   "要介護者が属する自治体のコード。親レコードと同じ値";
     3 INSURED_NUMBER                 "被保険者番号"                                 10      Yes     InsuredNumber  Personal High   "10桁数字。生活保護単独はH＋数字9桁。親レコードと同じ値";
     4 PLAN_DATE                      "計画作成(変更)日"                             8       Yes     Date           Public   High   "親レコードと同じ値";
     5 NEED_NO                        "課題ＮＯ"                                     2       No      SequenceNumber Public   Medium "2桁。仕様の書式欄は5～17すべてフリーテキスト表記なので、引用符付きの数字も受け入れる。同一課題に複数の支援計画があれば課題NOを同じにする";
     6 OVERALL_NEED                   "総合的課題"                                   free    No      FreeText       Personal High   "同一課題の2行目以降は空欄";
     7 PROPOSED_GOAL_AND_MEASURES     "課題に対する目標と具体策の提案"               free    No      FreeText       Personal High   "同一課題の2行目以降は空欄";
     8 USER_FAMILY_INTENTION          "具体策についての意向本人・家族"               free    No      FreeText       Personal High   "同一課題の2行目以降は空欄";
     9 GOAL                           "目標"                                         free    No      FreeText       Personal High   "同一課題の2行目以降は空欄";
    10 SUPPORT_PLAN_NO                "支援計画ＮＯ"                                 2       No      SequenceNumber Public   Medium "2桁。仕様の書式欄は5～17すべてフリーテキスト表記なので、引用符付きの数字も受け入れる。同一課題の中で連番";
    11 SUPPORT_POINTS                 "【支援計画】目標についての支援のポイント"     free    No      FreeText       Personal High   "同一支援計画の2行目以降は空欄";
    12 SELF_CARE_AND_INFORMAL         "【支援計画】本人等のセルフケアや家族の支援、インフォーマルサービス（民間サービス）" free    No      FreeText       Personal High   "同一支援計画の2行目以降は空欄";
    13 INSURANCE_OR_COMMUNITY_SERVICE "【支援計画】介護保険サービス又は地域支援事業（総合事業のサービス）" free    No      FreeText       Personal High   "同一支援計画の2行目以降は空欄";
    14 USED_SERVICE_NO                "利用サービスＮＯ"                             2       No      SequenceNumber Public   Medium "2桁。仕様の書式欄は5～17すべてフリーテキスト表記なので、引用符付きの数字も受け入れる。同一支援計画の中で連番";
    15 USED_SERVICE_KIND_TEXT         "【利用サービス】サービス種別"                 free    No      FreeText       Personal High   "";
    16 USED_SERVICE_OFFICE            "【利用サービス】事業所(利用先)"               free    No      FreeText       Personal High   "";
    17 USED_SERVICE_PERIOD            "【利用サービス】期間"                         free    No      FreeText       Personal High   "";
}
