//! 介護予防サービス・支援計画書 (UPYOBO), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L UPYOBO <no>`.

use crate::layout::layout;

layout! {
    V4_1 Upyobo;
    // no  id                            項目名                                         長   必須    書式                       個人     確度   注
     1 CSV_VERSION                   "CSVバージョン"                                6       Yes     CsvVersion                 Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER                "保険者番号"                                   6       Yes     InsurerNumber              Public   High   "要介護者が属する自治体のコード";
     3 INSURED_NUMBER                "被保険者番号"                                 10      Yes     InsuredNumber              Personal High   "10桁数字。生活保護単独はH＋数字9桁";
     4 PLAN_DATE                     "計画作成(変更)日"                             8       Yes     Date                       Public   High   "別表・削除とのキー";
     5 PLAN_TYPE                     "計画種類"                                     1       Yes     Code(PREVENTION_PLAN_TYPE) Public   High   "";
     6 OUTSOURCED                    "委託の有無"                                   1       Unclear Code(OUTSOURCED)           Public   Medium "地域包括支援センターでも居宅介護支援事業所でも記入";
     7 REFERENCE_NUMBER              "整理番号"                                     free    No      FreeText                   Personal High   "";
     8 USER_NAME                     "利用者名"                                     free    Yes     FreeText                   Personal High   "";
     9 CERTIFICATION_DATE            "認定年月日"                                   8       No      Date                       Public   High   "";
    10 CERTIFICATION_START_DATE      "認定有効期間開始日"                           8       No      Date                       Public   High   "";
    11 CERTIFICATION_END_DATE        "認定有効期間終了日"                           8       No      Date                       Public   High   "";
    12 PLAN_CATEGORY                 "計画書区分"                                   2       No      Code(PLAN_CATEGORY)        Public   High   "";
    13 CERTIFICATION_STATUS          "認定状況区分"                                 1       No      Code(CERTIFICATION_STATUS) Public   High   "";
    14 SUPPORT_LEVEL                 "要支援状態区分"                               1       No      Code(SUPPORT_LEVEL)        Public   High   "居宅側の要介護状態区分コード（2桁）とは別";
    15 PLANNER_NAME_SUPPORT_CENTER   "計画作成者氏名（地域包括支援センター担当者名）" free    No      FreeText                   Personal High   "";
    16 PLANNER_NAME_CARE_MANAGER     "計画作成者氏名（担当介護支援専門員名）"       free    No      FreeText                   Personal High   "";
    17 PLANNER_OFFICE_NAME           "計画作成者事業者・事業所名"                   free    No      FreeText                   Personal High   "送り元ソフトによって事業所名以外が入ることがある";
    18 PLANNER_OFFICE_ADDRESS        "計画作成者事業者・事業所住所"                 free    No      FreeText                   Personal High   "";
    19 PLANNER_OFFICE_PHONE          "計画作成者事業者・事業所電話番号"             15      No      Phone                      Personal High   "";
    20 FIRST_PLAN_DATE               "初回作成日"                                   8       No      Date                       Public   High   "";
    21 SUPPORT_CENTER_NAME           "担当地域包括支援センター"                     free    No      FreeText                   Personal High   "";
    22 TARGET_LIFE_DAY               "目標とする生活(1日)"                          free    No      FreeText                   Personal High   "";
    23 TARGET_LIFE_YEAR              "目標とする生活(1年)"                          free    No      FreeText                   Personal High   "";
    24 MOBILITY_CURRENT_STATUS       "【運動・移動】現在の状況"                     free    No      FreeText                   Personal High   "";
    25 MOBILITY_INTENTION            "【運動・移動】本人・家族の意欲・意向"         free    No      FreeText                   Personal High   "";
    26 MOBILITY_HAS_ISSUE            "【運動・移動】領域における課題の有無"         1       No      Code(PRESENT)              Public   High   "";
    27 MOBILITY_ISSUE_BACKGROUND     "【運動・移動】領域における課題（背景・原因）" free    No      FreeText                   Personal High   "";
    28 DAILY_LIFE_CURRENT_STATUS     "【日常生活(家庭生活)】現在の状況"             free    No      FreeText                   Personal High   "";
    29 DAILY_LIFE_INTENTION          "【日常生活(家庭生活)】本人・家族の意欲・意向" free    No      FreeText                   Personal High   "";
    30 DAILY_LIFE_HAS_ISSUE          "【日常生活(家庭生活)】領域における課題の有無" 1       No      Code(PRESENT)              Public   High   "";
    31 DAILY_LIFE_ISSUE_BACKGROUND   "【日常生活(家庭生活)】領域における課題（背景・原因）" free    No      FreeText                   Personal High   "";
    32 SOCIAL_CURRENT_STATUS         "【社会参加、対人関係・コミュニケーション】現在の状況" free    No      FreeText                   Personal High   "";
    33 SOCIAL_INTENTION              "【社会参加、対人関係・コミュニケーション】本人・家族の意欲・意向" free    No      FreeText                   Personal High   "";
    34 SOCIAL_HAS_ISSUE              "【社会参加、対人関係・コミュニケーション】領域における課題の有無" 1       No      Code(PRESENT)              Public   High   "";
    35 SOCIAL_ISSUE_BACKGROUND       "【社会参加、対人関係・コミュニケーション】領域における課題（背景・原因）" free    No      FreeText                   Personal High   "";
    36 HEALTH_CURRENT_STATUS         "【健康管理】現在の状況"                       free    No      FreeText                   Personal High   "";
    37 HEALTH_INTENTION              "【健康管理】本人・家族の意欲・意向"           free    No      FreeText                   Personal High   "";
    38 HEALTH_HAS_ISSUE              "【健康管理】領域における課題の有無"           1       No      Code(PRESENT)              Public   High   "";
    39 HEALTH_ISSUE_BACKGROUND       "【健康管理】領域における課題（背景・原因）"   free    No      FreeText                   Personal High   "";
    40 HEALTH_PRECAUTIONS            "健康状態の留意点"                             free    No      FreeText                   Personal High   "";
    41 APPROPRIATE_SUPPORT_POLICY    "妥当な支援の実施に向けた方針"                 free    No      FreeText                   Personal High   "";
    42 OVERALL_POLICY                "総合的な方針"                                 free    No      FreeText                   Personal High   "";
    43 CHECKLIST_COUNT_EXERCISE      "基本チェックリストの該当数(運動不足)"         1       No      Integer                    Public   High   "書式の説明なし（1桁の該当数）";
    44 CHECKLIST_COUNT_NUTRITION     "基本チェックリストの該当数(栄養改善)"         1       No      Integer                    Public   High   "書式の説明なし（1桁の該当数）";
    45 CHECKLIST_COUNT_ORAL_CARE     "基本チェックリストの該当数(口腔内ケア)"       1       No      Integer                    Public   High   "書式の説明なし（1桁の該当数）";
    46 CHECKLIST_COUNT_HOUSEBOUND    "基本チェックリストの該当数(閉じこもり予防)"   1       No      Integer                    Public   High   "書式の説明なし（1桁の該当数）";
    47 CHECKLIST_COUNT_FORGETFULNESS "基本チェックリストの該当数(物忘れ予防)"       1       No      Integer                    Public   High   "書式の説明なし（1桁の該当数）";
    48 CHECKLIST_COUNT_DEPRESSION    "基本チェックリストの該当数(うつ予防)"         1       No      Integer                    Public   High   "書式の説明なし（1桁の該当数）";
    49 PROGRAM_NEEDED_EXERCISE       "事業プログラムの要否(運動不足)"               1       No      Code(NEEDED)               Public   High   "";
    50 PROGRAM_NEEDED_NUTRITION      "事業プログラムの要否(栄養改善)"               1       No      Code(NEEDED)               Public   High   "";
    51 PROGRAM_NEEDED_ORAL_CARE      "事業プログラムの要否(口腔内ケア)"             1       No      Code(NEEDED)               Public   High   "";
    52 PROGRAM_NEEDED_HOUSEBOUND     "事業プログラムの要否(閉じこもり予防)"         1       No      Code(NEEDED)               Public   High   "";
    53 PROGRAM_NEEDED_FORGETFULNESS  "事業プログラムの要否(物忘れ予防)"             1       No      Code(NEEDED)               Public   High   "";
    54 PROGRAM_NEEDED_DEPRESSION     "事業プログラムの要否(うつ予防)"               1       No      Code(NEEDED)               Public   High   "";
    55 SUPPORT_CENTER_OPINION        "地域包括支援センター意見"                     free    No      FreeText                   Personal High   "";
    56 CONSENT_DATE                  "同意日"                                       8       No      Date                       Public   High   "";
    57 CONSENTER_NAME                "同意者氏名"                                   free    No      FreeText                   Personal High   "";
}
