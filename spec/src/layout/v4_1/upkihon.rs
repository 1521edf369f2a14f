//! 利用者基本情報 (UPKIHON), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L UPKIHON <no>`.

use crate::layout::layout;

layout! {
    V4_1 Upkihon;
    // no  id                             項目名                           長   必須    書式                          個人     確度   注
     1 CSV_VERSION                    "CSVバージョン"                  6       Yes     CsvVersion                    Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER                 "保険者番号"                     6       Yes     InsurerNumber                 Public   High   "要介護者が属する自治体のコード";
     3 INSURED_NUMBER                 "被保険者番号"                   10      Yes     InsuredNumber                 Personal High   "10桁数字。生活保護単独はH＋数字9桁";
     4 CONSULTATION_DATE              "相談日"                         8       Yes     Date                          Public   High   "別表1・別表2・画像・削除とのキー";
     5 PLAN_TYPE                      "計画種類"                       1       Yes     Code(PREVENTION_PLAN_TYPE)    Public   High   "";
     6 OUTSOURCED                     "委託の有無"                     1       Unclear Code(OUTSOURCED)              Public   Medium "地域包括支援センターでも居宅介護支援事業所でも記入";
     7 AUTHOR_NAME                    "作成担当者"                     free    No      FreeText                      Personal High   "";
     8 CONSULTATION_METHOD            "相談方法"                       2       No      Code(CONSULTATION_METHOD)     Public   High   "03なら9に内容";
     9 CONSULTATION_METHOD_OTHER      "相談方法(その他の内容)"         free    No      FreeText                      Personal High   "";
    10 CONSULTATION_KIND              "相談回数"                       2       No      Code(CONSULTATION_KIND)       Public   High   "";
    11 PREVIOUS_CONSULTATION_DATE     "前回相談日"                     8       No      Date                          Public   High   "";
    12 USER_CURRENT_STATUS            "利用者の現況"                   2       No      Code(CURRENT_STATUS)          Public   High   "02なら13に内容";
    13 USER_CURRENT_STATUS_NOTE       "利用者の現況(状況補足)"         free    No      FreeText                      Personal High   "";
    14 USER_NAME_KANA                 "利用者氏名ﾌﾘｶﾞﾅ"                free    Yes     FreeText                      Personal High   "";
    15 USER_NAME                      "利用者氏名"                     free    Yes     FreeText                      Personal High   "";
    16 USER_SEX                       "利用者性別"                     1       Yes     Code(SEX)                     Public   High   "";
    17 USER_BIRTH_DATE                "利用者生年月日"                 8       Yes     Date                          Personal High   "";
    18 USER_ADDRESS                   "利用者住所"                     free    No      FreeText                      Personal High   "";
    19 USER_PHONE                     "利用者電話番号"                 15      No      Phone                         Personal High   "";
    20 USER_FAX                       "利用者Fax番号"                  15      No      Phone                         Personal High   "";
    21 DISABILITY_INDEPENDENCE_LEVEL  "障害高齢者の日常生活自立度"     2       No      Code(DISABILITY_INDEPENDENCE) Public   High   "";
    22 DEMENTIA_INDEPENDENCE_LEVEL    "認知症高齢者の日常生活自立度"   2       No      Code(DEMENTIA_INDEPENDENCE)   Public   High   "";
    23 CARE_LEVEL                     "要介護状態区分"                 2       No      Code(CARE_LEVEL_BASIC)        Public   High   "居宅側のコード表と違い01:非該当がある";
    24 CERTIFICATION_START_DATE       "認定有効期限開始日"             8       No      Date                          Public   High   "";
    25 CERTIFICATION_END_DATE         "認定有効期間終了日"             8       No      Date                          Public   High   "";
    26 PREVIOUS_CARE_LEVEL            "前回の介護度"                   2       No      Code(CARE_LEVEL_BASIC)        Public   High   "";
    27 BASIC_CHECKLIST_RESULT         "基本チェックリスト記入結果"     1       No      Code(CHECKLIST_RESULT)        Public   High   "";
    28 BASIC_CHECKLIST_DATE           "基本チェックリスト記入日"       8       No      Date                          Public   High   "";
    29 DISABILITY_PHYSICAL            "障害等認定(身障)"               1       No      Code(APPLIES)                 Public   High   "";
    30 DISABILITY_INTELLECTUAL        "障害等認定(療育)"               1       No      Code(APPLIES)                 Public   High   "";
    31 DISABILITY_MENTAL              "障害等認定(精神)"               1       No      Code(APPLIES)                 Public   High   "";
    32 DISABILITY_INTRACTABLE_DISEASE "障害等認定(難病)"               1       No      Code(APPLIES)                 Public   High   "";
    33 DISABILITY_NOTE                "障害等認定特記事項"             free    No      FreeText                      Personal High   "";
    34 HOUSING_TYPE                   "居住形態"                       2       No      Code(HOUSING)                 Public   High   "";
    35 ROOM_FLOOR                     "自室の階数"                     2       No      Integer                       Public   High   "書式の説明なし（地階の表し方も無い）";
    36 HOME_MODIFICATION              "住宅改修の有無"                 1       No      Code(PRESENT)                 Public   High   "";
    37 INCOME_NATIONAL_PENSION        "経済状況(国民年金)"             1       No      Code(APPLIES)                 Public   High   "";
    38 INCOME_EMPLOYEES_PENSION       "経済状況(厚生年金)"             1       No      Code(APPLIES)                 Public   High   "";
    39 INCOME_DISABILITY_PENSION      "経済状況(障害年金)"             1       No      Code(APPLIES)                 Public   High   "";
    40 INCOME_PUBLIC_ASSISTANCE       "経済状況(生活保護)"             1       No      Code(APPLIES)                 Public   High   "";
    41 INCOME_NOTE                    "経済状況詳細"                   free    No      FreeText                      Personal High   "";
    42 VISITOR_NAME                   "来所者(相談者)氏名"             free    No      FreeText                      Personal High   "";
    43 VISITOR_ADDRESS                "来所者(相談者)住所"             free    No      FreeText                      Personal High   "送り元ソフトによって住所以外が入ることがある";
    44 VISITOR_PHONE                  "来所者(相談者)電話番号"         15      No      Phone                         Personal High   "";
    45 VISITOR_RELATIONSHIP           "来所者(相談者)続柄"             free    No      FreeText                      Personal High   "";
    46 EMERGENCY1_NAME                "1 緊急連絡先(氏名)"             free    No      FreeText                      Personal High   "";
    47 EMERGENCY1_RELATIONSHIP        "1 緊急連絡先(続柄)"             free    No      FreeText                      Personal High   "";
    48 EMERGENCY1_ADDRESS             "1 緊急連絡先(住所)"             free    No      FreeText                      Personal High   "送り元ソフトによって住所以外が入ることがある";
    49 EMERGENCY1_PHONE               "1 緊急連絡先(電話番号)"         15      No      Phone                         Personal High   "";
    50 EMERGENCY2_NAME                "2 緊急連絡先(氏名)"             free    No      FreeText                      Personal High   "";
    51 EMERGENCY2_RELATIONSHIP        "2 緊急連絡先(続柄)"             free    No      FreeText                      Personal High   "";
    52 EMERGENCY2_ADDRESS             "2 緊急連絡先(住所)"             free    No      FreeText                      Personal High   "送り元ソフトによって住所以外が入ることがある";
    53 EMERGENCY2_PHONE               "2 緊急連絡先(電話番号)"         15      No      Phone                         Personal High   "";
    54 EMERGENCY3_NAME                "3 緊急連絡先(氏名)"             free    No      FreeText                      Personal High   "";
    55 EMERGENCY3_RELATIONSHIP        "3 緊急連絡先(続柄)"             free    No      FreeText                      Personal High   "";
    56 EMERGENCY3_ADDRESS             "3 緊急連絡先(住所)"             free    No      FreeText                      Personal High   "送り元ソフトによって住所以外が入ることがある";
    57 EMERGENCY3_PHONE               "3 緊急連絡先(電話番号)"         15      No      Phone                         Personal High   "";
    58 EMERGENCY4_NAME                "4 緊急連絡先(氏名)"             free    No      FreeText                      Personal High   "";
    59 EMERGENCY4_RELATIONSHIP        "4 緊急連絡先(続柄)"             free    No      FreeText                      Personal High   "";
    60 EMERGENCY4_ADDRESS             "4 緊急連絡先(住所)"             free    No      FreeText                      Personal High   "送り元ソフトによって住所以外が入ることがある";
    61 EMERGENCY4_PHONE               "4 緊急連絡先(電話番号)"         15      No      Phone                         Personal High   "";
    62 FAMILY_IMAGE_FILENAME          "家族構成 画像ファイル名"        free    No      ImageFileName                 Personal High   "JPEG。UPKIHON_IMAGE_送信元_種類_送信先_種類_14桁_枝番4桁.jpg。枝番の前までは同時に送る利用者基本情報のファイル名と同じ。1行に1画像が原則";
    63 FAMILY_RELATIONS               "家族関係等の状況"               free    No      FreeText                      Personal High   "";
    64 LIFE_HISTORY                   "今までの生活"                   free    No      FreeText                      Personal High   "";
    65 DAILY_LIFE_OVERVIEW            "１日の生活・すごし方(生活全般)" free    No      FreeText                      Personal High   "";
    66 HOBBIES_AND_SKILLS             "趣味・楽しみ・特技"             free    No      FreeText                      Personal High   "";
    67 FRIENDS_AND_COMMUNITY          "友人・地域との関係"             free    No      FreeText                      Personal High   "";
    68 CURRENT_PUBLIC_SERVICES        "現在利用している公的サービス"   free    No      FreeText                      Personal High   "";
    69 CURRENT_PRIVATE_SERVICES       "現在利用している非公的サービス" free    No      FreeText                      Personal High   "";
    70 CONSENT_DATE                   "同意日"                         8       No      Date                          Public   High   "";
    71 CONSENTER_NAME                 "同意者氏名"                     free    No      FreeText                      Personal High   "";
}
