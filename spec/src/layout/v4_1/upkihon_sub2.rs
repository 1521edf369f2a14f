//! 利用者基本情報 別表2（現病歴・既往歴と経過） (UPKIHON_SUB2), 標準仕様 4.1 (CSVバージョン 202407).
//!
//! One row per 項目 of the official table, in its order. Clause: `L UPKIHON_SUB2 <no>`.

use crate::layout::layout;

layout! {
    V4_1 UpkihonSub2;
    // no  id                             項目名                     長   必須    書式              個人     確度   注
     1 CSV_VERSION                    "CSVバージョン"            6       Yes     CsvVersion        Public   High   "1ファイル内で混在不可。V4.1は202407固定（適用はサービス提供年月2025年4月から）";
     2 INSURER_NUMBER                 "保険者番号"               6       Yes     InsurerNumber     Public   High   "要介護者が属する自治体のコード。紐づく利用者基本情報の値と同じ";
     3 INSURED_NUMBER                 "被保険者番号"             10      Yes     InsuredNumber     Personal High   "10桁数字。生活保護単独はH＋数字9桁。紐づく利用者基本情報の値と同じ";
     4 CONSULTATION_DATE              "相談日"                   8       Yes     Date              Public   High   "親とのキー。紐づく利用者基本情報の相談日と同じ";
     5 ONSET_DATE_TEXT                "年月日"                   free    No      FreeText          Personal High   "日付の書式は自由（記載例はH12年10月、2023/6）";
     6 DISEASE_NAME                   "病名"                     free    No      FreeText          Personal High   "";
     7 MEDICAL_INSTITUTION_AND_DOCTOR "医療機関・医師名"         free    No      FreeText          Personal High   "";
     8 ATTENDING_DOCTOR_FLAG          "主治医・意見作成者フラグ" 1       No      Code(DOCTOR_FLAG) Public   High   "";
     9 MEDICAL_INSTITUTION_PHONE      "医療機関・医師電話番号"   15      No      Phone             Personal High   "";
    10 COURSE                         "経過"                     2       No      Code(COURSE)      Public   High   "";
    11 TREATMENT_DETAIL               "治療中の内容"             free    No      FreeText          Personal High   "";
}
