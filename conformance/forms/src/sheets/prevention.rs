//! 介護予防: サービス・支援計画書 and 利用者基本情報.

use careplan_spec::layout::v4_1::{upkihon, upkihon_sub1, upkihon_sub2, upyobo, upyobo_sub};
use careplan_spec::send_unit::Link;
use careplan_spec::{FileKind, Text};

use super::super::sheet::{
    Block, Grid, List, Look, Matrix, Sheet, at, cell, column, fixed, group, row, tall,
};

/// 介護予防サービス・支援計画書.
pub(in super::super) static SUPPORT_PLAN: Sheet = Sheet {
    number: "",
    title: Text::new("介護予防サービス・支援計画書", "prevention service and support plan"),
    landscape: true,
    kinds: &[FileKind::Upyobo, FileKind::UpyoboSub],
    one_each: true,
    reads: &[],
    link: Link::PlanDate,
    blocks: &[
        Block::Grid(Grid {
            caption: "利用者と計画",
            heading: false,
            columns: 24,
            rows: &[
                row(&[
                    cell("整理番号", 2, 3, &[at(upyobo::REFERENCE_NUMBER)]),
                    cell(
                        "利用者名",
                        2,
                        5,
                        &[at(upyobo::USER_NAME).look(Look::Large).after("　様")],
                    ),
                    cell(
                        "計画の区分",
                        2,
                        4,
                        &[
                            at(upyobo::PLAN_CATEGORY).choice(),
                            at(upyobo::CERTIFICATION_STATUS).choice().line(),
                        ],
                    ),
                    cell("要支援状態区分", 2, 4, &[at(upyobo::SUPPORT_LEVEL).choice()]),
                ]),
                row(&[
                    cell("認定年月日", 2, 5, &[at(upyobo::CERTIFICATION_DATE)]),
                    cell(
                        "認定の有効期間",
                        2,
                        8,
                        &[
                            at(upyobo::CERTIFICATION_START_DATE),
                            at(upyobo::CERTIFICATION_END_DATE).before("　～　"),
                        ],
                    ),
                    cell("計画種類", 2, 5, &[at(upyobo::PLAN_TYPE).choice()]),
                ]),
                row(&[
                    cell(
                        "計画作成者氏名",
                        2,
                        7,
                        &[
                            at(upyobo::PLANNER_NAME_SUPPORT_CENTER)
                                .before("地域包括支援センター　"),
                            at(upyobo::PLANNER_NAME_CARE_MANAGER)
                                .before("担当介護支援専門員　")
                                .line(),
                        ],
                    ),
                    cell("委託の有無", 2, 3, &[at(upyobo::OUTSOURCED).choice()]),
                    cell(
                        "委託の場合：計画作成者事業者・事業所名及び所在地（連絡先）",
                        4,
                        6,
                        &[
                            at(upyobo::PLANNER_OFFICE_NAME),
                            at(upyobo::PLANNER_OFFICE_ADDRESS).line(),
                            at(upyobo::PLANNER_OFFICE_PHONE).before("電話 ").line(),
                        ],
                    ),
                ]),
                row(&[
                    cell("計画作成（変更）日", 3, 5, &[at(upyobo::PLAN_DATE)]),
                    cell("初回作成日", 2, 5, &[at(upyobo::FIRST_PLAN_DATE)]),
                    cell("担当地域包括支援センター", 4, 5, &[at(upyobo::SUPPORT_CENTER_NAME)]),
                ]),
                group(
                    "目標とする生活",
                    2,
                    1,
                    &[
                        cell("１日", 1, 10, &[at(upyobo::TARGET_LIFE_DAY)]),
                        cell("１年", 1, 10, &[at(upyobo::TARGET_LIFE_YEAR)]),
                    ],
                ),
            ],
        }),
        Block::Matrix(Matrix {
            caption: "アセスメント",
            corner: "アセスメント領域",
            heads: &[
                "現在の状況",
                "本人・家族の意欲・意向",
                "課題の有無",
                "領域における課題（背景・原因）",
            ],
            skip_empty: false,
            rows: &[
                fixed(
                    "運動・移動について",
                    &[
                        &[at(upyobo::MOBILITY_CURRENT_STATUS)],
                        &[at(upyobo::MOBILITY_INTENTION)],
                        &[at(upyobo::MOBILITY_HAS_ISSUE).choice()],
                        &[at(upyobo::MOBILITY_ISSUE_BACKGROUND)],
                    ],
                ),
                fixed(
                    "日常生活（家庭生活）について",
                    &[
                        &[at(upyobo::DAILY_LIFE_CURRENT_STATUS)],
                        &[at(upyobo::DAILY_LIFE_INTENTION)],
                        &[at(upyobo::DAILY_LIFE_HAS_ISSUE).choice()],
                        &[at(upyobo::DAILY_LIFE_ISSUE_BACKGROUND)],
                    ],
                ),
                fixed(
                    "社会参加、対人関係・コミュニケーションについて",
                    &[
                        &[at(upyobo::SOCIAL_CURRENT_STATUS)],
                        &[at(upyobo::SOCIAL_INTENTION)],
                        &[at(upyobo::SOCIAL_HAS_ISSUE).choice()],
                        &[at(upyobo::SOCIAL_ISSUE_BACKGROUND)],
                    ],
                ),
                fixed(
                    "健康管理について",
                    &[
                        &[at(upyobo::HEALTH_CURRENT_STATUS)],
                        &[at(upyobo::HEALTH_INTENTION)],
                        &[at(upyobo::HEALTH_HAS_ISSUE).choice()],
                        &[at(upyobo::HEALTH_ISSUE_BACKGROUND)],
                    ],
                ),
            ],
        }),
        Block::List(List {
            caption: "課題・目標・支援計画",
            heading: false,
            kind: FileKind::UpyoboSub,
            levels: &[
                upyobo_sub::NEED_NO,
                upyobo_sub::SUPPORT_PLAN_NO,
                upyobo_sub::USED_SERVICE_NO,
            ],
            total: None,
            least: 3,
            columns: &[
                column(
                    "総合的課題",
                    110,
                    &[
                        at(upyobo_sub::NEED_NO).look(Look::Number),
                        at(upyobo_sub::OVERALL_NEED).line(),
                    ],
                )
                .level(1),
                column(
                    "課題に対する目標と具体策の提案",
                    110,
                    &[at(upyobo_sub::PROPOSED_GOAL_AND_MEASURES)],
                )
                .level(1),
                column(
                    "具体策についての意向　本人・家族",
                    100,
                    &[at(upyobo_sub::USER_FAMILY_INTENTION)],
                )
                .level(1),
                column("目標", 90, &[at(upyobo_sub::GOAL)]).level(1),
                column(
                    "目標についての支援のポイント",
                    105,
                    &[
                        at(upyobo_sub::SUPPORT_PLAN_NO).look(Look::Number),
                        at(upyobo_sub::SUPPORT_POINTS).line(),
                    ],
                )
                .under("支援計画")
                .level(2),
                column(
                    "本人等のセルフケアや家族の支援、インフォーマルサービス（民間サービス）",
                    115,
                    &[at(upyobo_sub::SELF_CARE_AND_INFORMAL)],
                )
                .under("支援計画")
                .level(2),
                column(
                    "介護保険サービス又は地域支援事業（総合事業のサービス）",
                    115,
                    &[at(upyobo_sub::INSURANCE_OR_COMMUNITY_SERVICE)],
                )
                .under("支援計画")
                .level(2),
                column(
                    "サービス種別",
                    90,
                    &[
                        at(upyobo_sub::USED_SERVICE_NO).look(Look::Number),
                        at(upyobo_sub::USED_SERVICE_KIND_TEXT).line(),
                    ],
                )
                .under("支援計画"),
                column("事業所（利用先）", 95, &[at(upyobo_sub::USED_SERVICE_OFFICE)])
                    .under("支援計画"),
                column("期間", 70, &[at(upyobo_sub::USED_SERVICE_PERIOD)]).under("支援計画"),
            ],
        }),
        Block::Grid(Grid {
            caption: "健康状態と方針",
            heading: false,
            columns: 24,
            rows: &[
                row(&[tall(
                    "健康状態について（主治医意見書、健診結果、観察結果等を踏まえた留意点）",
                    6,
                    18,
                    &[at(upyobo::HEALTH_PRECAUTIONS)],
                )]),
                row(&[tall(
                    "【本来行うべき支援ができない場合】妥当な支援の実施に向けた方針",
                    6,
                    18,
                    &[at(upyobo::APPROPRIATE_SUPPORT_POLICY)],
                )]),
                row(&[tall(
                    "総合的な方針（生活不活発病の改善予防のポイント）",
                    6,
                    18,
                    &[at(upyobo::OVERALL_POLICY)],
                )]),
            ],
        }),
        Block::Matrix(Matrix {
            caption: "基本チェックリスト・事業プログラム",
            corner: "",
            heads: &[
                "運動不足",
                "栄養改善",
                "口腔内ケア",
                "閉じこもり予防",
                "物忘れ予防",
                "うつ予防",
            ],
            skip_empty: false,
            rows: &[
                fixed(
                    "該当した項目数",
                    &[
                        &[at(upyobo::CHECKLIST_COUNT_EXERCISE)],
                        &[at(upyobo::CHECKLIST_COUNT_NUTRITION)],
                        &[at(upyobo::CHECKLIST_COUNT_ORAL_CARE)],
                        &[at(upyobo::CHECKLIST_COUNT_HOUSEBOUND)],
                        &[at(upyobo::CHECKLIST_COUNT_FORGETFULNESS)],
                        &[at(upyobo::CHECKLIST_COUNT_DEPRESSION)],
                    ],
                ),
                fixed(
                    "必要な事業プログラム",
                    &[
                        &[at(upyobo::PROGRAM_NEEDED_EXERCISE).choice()],
                        &[at(upyobo::PROGRAM_NEEDED_NUTRITION).choice()],
                        &[at(upyobo::PROGRAM_NEEDED_ORAL_CARE).choice()],
                        &[at(upyobo::PROGRAM_NEEDED_HOUSEBOUND).choice()],
                        &[at(upyobo::PROGRAM_NEEDED_FORGETFULNESS).choice()],
                        &[at(upyobo::PROGRAM_NEEDED_DEPRESSION).choice()],
                    ],
                ),
            ],
        }),
        Block::Grid(Grid {
            caption: "意見と同意",
            heading: false,
            columns: 24,
            rows: &[
                row(&[tall(
                    "地域包括支援センター【意見】",
                    6,
                    18,
                    &[at(upyobo::SUPPORT_CENTER_OPINION)],
                )]),
                row(&[
                    cell("計画についての同意：同意日", 6, 6, &[at(upyobo::CONSENT_DATE)]),
                    cell("氏名", 2, 10, &[at(upyobo::CONSENTER_NAME)]),
                ]),
            ],
        }),
    ],
};

/// 利用者基本情報.
pub(in super::super) static BASIC_INFORMATION: Sheet = Sheet {
    number: "",
    title: Text::new("利用者基本情報", "basic information"),
    landscape: false,
    kinds: &[FileKind::Upkihon, FileKind::UpkihonSub1, FileKind::UpkihonSub2],
    one_each: true,
    reads: &[],
    link: Link::ConsultationDate,
    blocks: &[
        Block::Grid(Grid {
            caption: "《基本情報》",
            heading: true,
            columns: 24,
            rows: &[
                row(&[
                    cell("作成担当者", 3, 9, &[at(upkihon::AUTHOR_NAME)]),
                    cell(
                        "計画種類・委託",
                        3,
                        9,
                        &[at(upkihon::PLAN_TYPE).choice(), at(upkihon::OUTSOURCED).choice().line()],
                    ),
                ]),
                row(&[cell(
                    "相談日",
                    3,
                    21,
                    &[
                        at(upkihon::CONSULTATION_DATE).after("　"),
                        at(upkihon::CONSULTATION_METHOD).choice(),
                        at(upkihon::CONSULTATION_METHOD_OTHER).between("（", "）"),
                        at(upkihon::CONSULTATION_KIND).choice().line(),
                        at(upkihon::PREVIOUS_CONSULTATION_DATE).between("（前回 ", "）"),
                    ],
                )]),
                row(&[cell(
                    "本人の現況",
                    3,
                    21,
                    &[
                        at(upkihon::USER_CURRENT_STATUS).choice(),
                        at(upkihon::USER_CURRENT_STATUS_NOTE).between("（", "）"),
                    ],
                )]),
                row(&[
                    cell(
                        "本人氏名（フリガナ）",
                        3,
                        8,
                        &[
                            at(upkihon::USER_NAME_KANA).look(Look::Number),
                            at(upkihon::USER_NAME).look(Look::Large).line(),
                        ],
                    ),
                    cell("性別", 2, 3, &[at(upkihon::USER_SEX).choice()]),
                    cell("生年月日", 3, 5, &[at(upkihon::USER_BIRTH_DATE)]),
                ]),
                row(&[
                    cell("住所", 3, 13, &[at(upkihon::USER_ADDRESS)]),
                    cell(
                        "電話・FAX",
                        2,
                        6,
                        &[
                            at(upkihon::USER_PHONE).before("TEL "),
                            at(upkihon::USER_FAX).before("FAX ").line(),
                        ],
                    ),
                ]),
                group(
                    "日常生活自立度",
                    3,
                    2,
                    &[cell(
                        "障害高齢者の日常生活自立度",
                        6,
                        15,
                        &[at(upkihon::DISABILITY_INDEPENDENCE_LEVEL).choice()],
                    )],
                ),
                row(&[cell(
                    "認知症高齢者の日常生活自立度",
                    6,
                    15,
                    &[at(upkihon::DEMENTIA_INDEPENDENCE_LEVEL).choice()],
                )]),
                group(
                    "認定・総合事業情報",
                    3,
                    3,
                    &[cell("要介護状態区分", 4, 17, &[at(upkihon::CARE_LEVEL).choice()])],
                ),
                row(&[
                    cell(
                        "認定期限",
                        3,
                        11,
                        &[
                            at(upkihon::CERTIFICATION_START_DATE),
                            at(upkihon::CERTIFICATION_END_DATE).before(" ～ "),
                        ],
                    ),
                    cell("前回の介護度", 3, 4, &[at(upkihon::PREVIOUS_CARE_LEVEL)]),
                ]),
                row(&[
                    cell(
                        "基本チェックリスト記入結果",
                        4,
                        9,
                        &[at(upkihon::BASIC_CHECKLIST_RESULT).choice()],
                    ),
                    cell("記入日", 2, 6, &[at(upkihon::BASIC_CHECKLIST_DATE)]),
                ]),
                row(&[cell(
                    "障害等認定",
                    3,
                    21,
                    &[
                        at(upkihon::DISABILITY_PHYSICAL).look(Look::Tick("身障")),
                        at(upkihon::DISABILITY_INTELLECTUAL).look(Look::Tick("療育")),
                        at(upkihon::DISABILITY_MENTAL).look(Look::Tick("精神")),
                        at(upkihon::DISABILITY_INTRACTABLE_DISEASE).look(Look::Tick("難病")),
                        at(upkihon::DISABILITY_NOTE).line(),
                    ],
                )]),
                row(&[cell(
                    "本人の住居環境",
                    3,
                    21,
                    &[
                        at(upkihon::HOUSING_TYPE).choice(),
                        at(upkihon::ROOM_FLOOR).between("　自室 ", " 階"),
                        at(upkihon::HOME_MODIFICATION).choice().before("　住宅改修の有無 "),
                    ],
                )]),
                row(&[cell(
                    "経済状況",
                    3,
                    21,
                    &[
                        at(upkihon::INCOME_NATIONAL_PENSION).look(Look::Tick("国民年金")),
                        at(upkihon::INCOME_EMPLOYEES_PENSION).look(Look::Tick("厚生年金")),
                        at(upkihon::INCOME_DISABILITY_PENSION).look(Look::Tick("障害年金")),
                        at(upkihon::INCOME_PUBLIC_ASSISTANCE).look(Look::Tick("生活保護")),
                        at(upkihon::INCOME_NOTE).line(),
                    ],
                )]),
                group(
                    "来所者（相談者）",
                    3,
                    2,
                    &[
                        cell("氏名", 2, 10, &[at(upkihon::VISITOR_NAME)]),
                        cell("続柄", 2, 7, &[at(upkihon::VISITOR_RELATIONSHIP)]),
                    ],
                ),
                row(&[
                    cell("住所", 2, 10, &[at(upkihon::VISITOR_ADDRESS)]),
                    cell("連絡先", 2, 7, &[at(upkihon::VISITOR_PHONE)]),
                ]),
            ],
        }),
        Block::Matrix(Matrix {
            caption: "緊急連絡先",
            corner: "",
            heads: &["氏名", "続柄", "住所", "電話番号"],
            skip_empty: false,
            rows: &[
                fixed(
                    "１",
                    &[
                        &[at(upkihon::EMERGENCY1_NAME)],
                        &[at(upkihon::EMERGENCY1_RELATIONSHIP)],
                        &[at(upkihon::EMERGENCY1_ADDRESS)],
                        &[at(upkihon::EMERGENCY1_PHONE)],
                    ],
                ),
                fixed(
                    "２",
                    &[
                        &[at(upkihon::EMERGENCY2_NAME)],
                        &[at(upkihon::EMERGENCY2_RELATIONSHIP)],
                        &[at(upkihon::EMERGENCY2_ADDRESS)],
                        &[at(upkihon::EMERGENCY2_PHONE)],
                    ],
                ),
                fixed(
                    "３",
                    &[
                        &[at(upkihon::EMERGENCY3_NAME)],
                        &[at(upkihon::EMERGENCY3_RELATIONSHIP)],
                        &[at(upkihon::EMERGENCY3_ADDRESS)],
                        &[at(upkihon::EMERGENCY3_PHONE)],
                    ],
                ),
                fixed(
                    "４",
                    &[
                        &[at(upkihon::EMERGENCY4_NAME)],
                        &[at(upkihon::EMERGENCY4_RELATIONSHIP)],
                        &[at(upkihon::EMERGENCY4_ADDRESS)],
                        &[at(upkihon::EMERGENCY4_PHONE)],
                    ],
                ),
            ],
        }),
        Block::Picture("家族構成", upkihon::FAMILY_IMAGE_FILENAME),
        Block::Grid(Grid {
            caption: "家族関係",
            heading: false,
            columns: 24,
            rows: &[row(&[tall("家族関係等の状況", 4, 20, &[at(upkihon::FAMILY_RELATIONS)])])],
        }),
        Block::Grid(Grid {
            caption: "《介護予防に関する事項》",
            heading: true,
            columns: 24,
            rows: &[
                row(&[tall("今までの生活", 4, 20, &[at(upkihon::LIFE_HISTORY)])]),
                group(
                    "現在の生活状況（どんな暮らしを送っているか）",
                    4,
                    3,
                    &[tall("１日の生活・すごし方", 4, 16, &[at(upkihon::DAILY_LIFE_OVERVIEW)])],
                ),
                row(&[tall("趣味・楽しみ・特技", 4, 16, &[at(upkihon::HOBBIES_AND_SKILLS)])]),
                row(&[tall("友人・地域との関係", 4, 16, &[at(upkihon::FRIENDS_AND_COMMUNITY)])]),
            ],
        }),
        Block::List(List {
            caption: "１日の生活・すごし方",
            heading: true,
            kind: FileKind::UpkihonSub1,
            levels: &[],
            total: None,
            least: 3,
            columns: &[
                column("時間", 140, &[at(upkihon_sub1::TIME_TEXT)]),
                column("本人", 430, &[at(upkihon_sub1::USER_ACTIVITY)]),
                column("介護者・家族", 430, &[at(upkihon_sub1::CAREGIVER_ACTIVITY)]),
            ],
        }),
        Block::List(List {
            caption: "《現病歴・既往歴と経過》",
            heading: true,
            kind: FileKind::UpkihonSub2,
            levels: &[],
            total: None,
            least: 3,
            columns: &[
                column("年月日", 120, &[at(upkihon_sub2::ONSET_DATE_TEXT)]),
                column("病名", 190, &[at(upkihon_sub2::DISEASE_NAME)]),
                column(
                    "医療機関・医師名（主治医・意見作成者に☆）",
                    280,
                    &[
                        at(upkihon_sub2::MEDICAL_INSTITUTION_AND_DOCTOR),
                        at(upkihon_sub2::ATTENDING_DOCTOR_FLAG).look(Look::Sign("1", "☆")).line(),
                        at(upkihon_sub2::MEDICAL_INSTITUTION_PHONE).before("TEL ").line(),
                    ],
                ),
                column("経過", 150, &[at(upkihon_sub2::COURSE).choice()]),
                column("治療中の場合は内容", 260, &[at(upkihon_sub2::TREATMENT_DETAIL)]),
            ],
        }),
        Block::Grid(Grid {
            caption: "《現在利用しているサービス》",
            heading: true,
            columns: 24,
            rows: &[
                row(&[
                    tall("公的サービス", 4, 8, &[at(upkihon::CURRENT_PUBLIC_SERVICES)]),
                    tall("非公的サービス", 4, 8, &[at(upkihon::CURRENT_PRIVATE_SERVICES)]),
                ]),
                row(&[
                    cell("同意日", 4, 8, &[at(upkihon::CONSENT_DATE)]),
                    cell("同意者氏名", 4, 8, &[at(upkihon::CONSENTER_NAME)]),
                ]),
            ],
        }),
    ],
};
