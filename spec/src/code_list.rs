//! The code tables (コード表) that layout fields refer to, as printed in the layout annex.

use crate::layout::CodeList;

/// 性別.
pub static SEX: CodeList = CodeList { id: "sex", codes: &[("1", "男性"), ("2", "女性")] };

/// 認定状況区分.
pub static CERTIFICATION_STATUS: CodeList =
    CodeList { id: "certification_status", codes: &[("1", "申請中"), ("2", "認定済")] };

/// 要介護状態区分 of UPHOSOKU and UP1KYO.
pub static CARE_LEVEL: CodeList = CodeList {
    id: "care_level",
    codes: &[
        ("06", "事業対象者"),
        ("12", "要支援１"),
        ("13", "要支援２"),
        ("21", "要介護１"),
        ("22", "要介護２"),
        ("23", "要介護３"),
        ("24", "要介護４"),
        ("25", "要介護５"),
    ],
};

/// 計画書区分.
pub static PLAN_CATEGORY: CodeList = CodeList {
    id: "plan_category",
    codes: &[
        ("11", "初回"),
        ("12", "紹介"),
        ("21", "継続"),
        ("51", "初回＆紹介"),
        ("52", "初回＆継続"),
        ("53", "紹介＆継続"),
        ("54", "初回＆紹介＆継続"),
    ],
};

/// 生活援助中心型の算定理由.
pub static LIVING_SUPPORT_REASON: CodeList = CodeList {
    id: "living_support_reason",
    codes: &[("1", "一人暮らし"), ("2", "家族等が障害、疾病等"), ("3", "その他")],
};

/// 保険対象区分.
pub static INSURANCE_COVERED: CodeList =
    CodeList { id: "insurance_covered", codes: &[("Y", "対象"), ("N", "対象外")] };

/// 曜日.
pub static WEEKDAY: CodeList = CodeList {
    id: "weekday",
    codes: &[
        ("1", "月曜日"),
        ("2", "火曜日"),
        ("3", "水曜日"),
        ("4", "木曜日"),
        ("5", "金曜日"),
        ("6", "土曜日"),
        ("7", "日曜日"),
    ],
};

/// whether the item applies.
pub static APPLIES: CodeList =
    CodeList { id: "applies", codes: &[("1", "該当"), ("0", "非該当")] };

/// 計画種類.
pub static PREVENTION_PLAN_TYPE: CodeList = CodeList {
    id: "prevention_plan_type",
    codes: &[("1", "介護予防支援"), ("2", "介護予防ケアマネジメント")],
};

/// 委託の有無.
pub static OUTSOURCED: CodeList =
    CodeList { id: "outsourced", codes: &[("1", "自前"), ("2", "委託")] };

/// 相談方法.
pub static CONSULTATION_METHOD: CodeList = CodeList {
    id: "consultation_method",
    codes: &[("01", "来所"), ("02", "電話"), ("03", "その他")],
};

/// 相談回数.
pub static CONSULTATION_KIND: CodeList =
    CodeList { id: "consultation_kind", codes: &[("01", "初回"), ("02", "再来")] };

/// 利用者の現況.
pub static CURRENT_STATUS: CodeList =
    CodeList { id: "current_status", codes: &[("01", "在宅"), ("02", "入院又は入所中")] };

/// 障害高齢者の日常生活自立度.
pub static DISABILITY_INDEPENDENCE: CodeList = CodeList {
    id: "disability_independence",
    codes: &[
        ("01", "自立"),
        ("11", "J1"),
        ("12", "J2"),
        ("21", "A1"),
        ("22", "A2"),
        ("31", "B1"),
        ("32", "B2"),
        ("41", "C1"),
        ("42", "C2"),
    ],
};

/// 認知症高齢者の日常生活自立度.
pub static DEMENTIA_INDEPENDENCE: CodeList = CodeList {
    id: "dementia_independence",
    codes: &[
        ("01", "自立"),
        ("02", "Ⅰ"),
        ("03", "Ⅱａ"),
        ("04", "Ⅱｂ"),
        ("05", "Ⅲａ"),
        ("06", "Ⅲｂ"),
        ("07", "Ⅳ"),
        ("08", "Ｍ"),
    ],
};

/// 要介護状態区分 of UPKIHON: has 01, has no 06.
pub static CARE_LEVEL_BASIC: CodeList = CodeList {
    id: "care_level_basic",
    codes: &[
        ("01", "非該当"),
        ("12", "要支援１"),
        ("13", "要支援２"),
        ("21", "要介護１"),
        ("22", "要介護２"),
        ("23", "要介護３"),
        ("24", "要介護４"),
        ("25", "要介護５"),
    ],
};

/// 基本チェックリスト記入結果.
pub static CHECKLIST_RESULT: CodeList = CodeList {
    id: "checklist_result",
    codes: &[("1", "事業対象者の該当あり"), ("2", "事業対象者の該当なし")],
};

/// 居住形態.
pub static HOUSING: CodeList = CodeList {
    id: "housing",
    codes: &[
        ("01", "自宅"),
        ("02", "借家"),
        ("03", "一戸建て"),
        ("04", "集合住宅"),
        ("05", "自宅・一戸建て"),
        ("06", "自宅・集合住宅"),
        ("07", "借家・一戸建て"),
        ("08", "借家・集合住宅"),
    ],
};

/// present or not.
pub static PRESENT: CodeList = CodeList { id: "present", codes: &[("1", "有"), ("2", "無")] };

/// 主治医・意見作成者フラグ.
pub static DOCTOR_FLAG: CodeList =
    CodeList { id: "doctor_flag", codes: &[("1", "主治医"), ("2", "それ以外")] };

/// 経過.
pub static COURSE: CodeList = CodeList {
    id: "course",
    codes: &[("01", "治療中"), ("02", "経過観察中"), ("03", "その他")],
};

/// 要支援状態区分 of UPYOBO.
pub static SUPPORT_LEVEL: CodeList = CodeList {
    id: "support_level",
    codes: &[("1", "要支援１"), ("2", "要支援２"), ("3", "地域支援事業")],
};

/// needed or not.
pub static NEEDED: CodeList = CodeList { id: "needed", codes: &[("1", "要"), ("2", "否")] };
