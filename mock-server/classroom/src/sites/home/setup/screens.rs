//! The screens, one after the other. Labels are those of the guide's pictures; the texts around them
//! are our own.

use careplan_spec::Text;

/// A button, an icon or a file of a drawing.
#[derive(Debug)]
pub(super) struct Choice {
    /// In the address.
    pub(super) id: &'static str,
    /// As the drawing shows it.
    pub(super) label: Text,
    /// Why it is not the one; none for the one that leads on.
    pub(super) why_not: Option<Text>,
}

/// A drawing.
#[derive(Debug)]
pub(super) struct Screen {
    /// Which part of the guide.
    pub(super) part: Text,
    /// What the guide says to do.
    pub(super) task: Text,
    /// Title of the window.
    pub(super) title: Text,
    /// Class of the style sheet: what kind of window it is.
    pub(super) looks: &'static str,
    /// What the window says.
    pub(super) lines: &'static [Text],
    /// What can be pressed.
    pub(super) choices: &'static [Choice],
    /// What an office should know here.
    pub(super) note: Option<Text>,
}

const FIRST: Text = Text::new("製品インストール①", "Installing, part 1");
const SECOND: Text = Text::new("製品インストール②", "Installing, part 2");

const fn right(id: &'static str, ja: &'static str, en: &'static str) -> Choice {
    Choice { id, label: Text::new(ja, en), why_not: None }
}

const fn wrong(id: &'static str, label: Text, why: Text) -> Choice {
    Choice { id, label, why_not: Some(why) }
}

const CANCEL: Text = Text::new("キャンセル", "Cancel (キャンセル)");
const CLOSE: Text = Text::new("閉じる", "Close (閉じる)");
const NO: Text = Text::new("いいえ", "No (いいえ)");

/// All of them.
pub(super) static SCREENS: [Screen; 14] = [
    Screen {
        part: FIRST,
        task: Text::new("「ファイルを開く」をクリック", "Click “Open file” (ファイルを開く)."),
        title: Text::new("ダウンロード", "Downloads"),
        looks: "browser",
        lines: &[Text::new("CarePlanApp-1.2.0-setup", "CarePlanApp-1.2.0-setup")],
        choices: &[
            right("open", "ファイルを開く", "Open file (ファイルを開く)"),
            wrong(
                "more",
                Text::new("もっと見る", "See more (もっと見る)"),
                Text::new(
                    "これまでにダウンロードしたファイルの一覧が開くだけです。画面右上に出ている「ファイルを開く」を押します。",
                    "This only opens the list of everything downloaded. Press “Open file” in the corner.",
                ),
            ),
        ],
        note: Some(Text::new(
            "この表示は、ダウンロードが終わると画面の右上に出ます。消えてしまったときは、ブラウザの「ダウンロード」から開けます。",
            "It comes up in the corner when the download is over. If it has gone, open “Downloads” in the browser.",
        )),
    },
    Screen {
        part: FIRST,
        task: Text::new(
            "「CarePlanApp-1.2.0-setup」をクリック",
            "Click “CarePlanApp-1.2.0-setup”.",
        ),
        title: Text::new("エクスプローラー　ダウンロード", "Explorer: Downloads"),
        looks: "folder",
        lines: &[],
        choices: &[
            right("setup", "CarePlanApp-1.2.0-setup", "CarePlanApp-1.2.0-setup"),
            wrong(
                "another",
                Text::new("請求明細書の控え.pdf", "請求明細書の控え.pdf"),
                Text::new(
                    "別の書類です。名前が「CarePlanApp」で始まるファイルを選びます。",
                    "That is another document. Choose the file whose name begins with CarePlanApp.",
                ),
            ),
        ],
        note: None,
    },
    Screen {
        part: FIRST,
        task: Text::new(
            "「WindowsによってPCが保護されました」と表示されたら、「詳細情報」をクリック",
            "Windows protected your PC: click “More info” (詳細情報).",
        ),
        title: Text::new(
            "WindowsによってPCが保護されました",
            "Windows protected your PC (WindowsによってPCが保護されました)",
        ),
        looks: "smartscreen",
        lines: &[Text::new(
            "見慣れないアプリの起動が止められました。このアプリを実行すると、PCに問題が起こることがあります。",
            "An app that is not well known was stopped from starting. Running it may put your PC at risk.",
        )],
        choices: &[
            right("more", "詳細情報", "More info (詳細情報)"),
            wrong(
                "stop",
                Text::new("実行しない", "Don't run (実行しない)"),
                Text::new(
                    "画面が閉じて、インストールは始まりません。「実行」は「詳細情報」を押すまで隠れています。",
                    "The window closes and nothing is installed. “Run anyway” is hidden until you press “More info”.",
                ),
            ),
        ],
        note: Some(Text::new(
            "先へ進んでよいのは、公式のサポートサイトから自分でダウンロードした「CarePlanApp」のときだけです。ほかのファイルでこの画面が出たら、止めて管理者に確かめます。",
            "Go on only with the CarePlanApp you downloaded from the official support site yourself. With any other file, stop and ask.",
        )),
    },
    Screen {
        part: FIRST,
        task: Text::new("「実行」をクリック", "Click “Run anyway” (実行)."),
        title: Text::new(
            "WindowsによってPCが保護されました",
            "Windows protected your PC (WindowsによってPCが保護されました)",
        ),
        looks: "smartscreen",
        lines: &[
            Text::new("アプリ：CarePlanApp-1.2.0-setup", "App: CarePlanApp-1.2.0-setup"),
            Text::new("発行元：不明な発行元", "Publisher: unknown"),
        ],
        choices: &[
            right("run", "実行", "Run anyway (実行)"),
            wrong(
                "stop",
                Text::new("実行しない", "Don't run (実行しない)"),
                Text::new(
                    "画面が閉じて、インストールは始まりません。アプリの名前を確かめて「実行」を押します。",
                    "The window closes and nothing is installed. Check the name and press “Run anyway”.",
                ),
            ),
        ],
        note: None,
    },
    Screen {
        part: FIRST,
        task: Text::new("「インストール」をクリック", "Click “Install” (インストール)."),
        title: Text::new(
            "ケアプランデータ連携システムアプリ　セットアップ",
            "Set-up of the application",
        ),
        looks: "dialog-window",
        lines: &[Text::new(
            "ケアプランデータ連携システムアプリをインストールします。",
            "The application will be installed on this computer.",
        )],
        choices: &[
            right("install", "インストール", "Install (インストール)"),
            wrong(
                "cancel",
                CANCEL,
                Text::new(
                    "セットアップが終わり、アプリは入りません。もう一度セットアップのファイルを開くところからになります。",
                    "The set-up ends and nothing is installed. You would have to open the file again.",
                ),
            ),
        ],
        note: None,
    },
    Screen {
        part: FIRST,
        task: Text::new("「はい」をクリック", "Click “Yes” (はい)."),
        title: Text::new("ユーザー アカウント制御", "User Account Control"),
        looks: "control",
        lines: &[
            Text::new(
                "このアプリがデバイスに変更を加えることを許可しますか？",
                "Do you want to allow this app to make changes to your device?",
            ),
            Text::new("CarePlanApp-1.2.0-setup", "CarePlanApp-1.2.0-setup"),
        ],
        choices: &[
            right("yes", "はい", "Yes (はい)"),
            wrong(
                "no",
                NO,
                Text::new(
                    "許可しないと、インストールはここで止まります。",
                    "Without it the installation stops here.",
                ),
            ),
        ],
        note: Some(Text::new(
            "管理者のパスワードを求められたときは、事業所のパソコンを管理している方に入力してもらいます。",
            "If an administrator's password is asked for, ask whoever looks after the computers.",
        )),
    },
    Screen {
        part: FIRST,
        task: Text::new("「完了」をクリック", "Click “Finish” (完了)."),
        title: Text::new(
            "ケアプランデータ連携システムアプリ　セットアップ",
            "Set-up of the application",
        ),
        looks: "dialog-window",
        lines: &[Text::new("インストールが終わりました。", "The installation is over.")],
        choices: &[
            right("finish", "完了", "Finish (完了)"),
            wrong(
                "back",
                Text::new("戻る", "Back (戻る)"),
                Text::new(
                    "もう戻る必要はありません。「完了」で画面を閉じます。",
                    "There is nothing to go back to. “Finish” closes the window.",
                ),
            ),
        ],
        note: None,
    },
    Screen {
        part: SECOND,
        task: Text::new(
            "デスクトップの、ケアプランデータ連携システムアプリのアイコンをクリック",
            "Click the icon of the application on the desktop.",
        ),
        title: Text::new("デスクトップ", "Desktop"),
        looks: "desktop",
        lines: &[],
        choices: &[
            wrong(
                "bin",
                Text::new("ごみ箱", "Recycle bin (ごみ箱)"),
                Text::new(
                    "ごみ箱です。アプリのアイコンを選びます。",
                    "That is the recycle bin. Choose the icon of the application.",
                ),
            ),
            right(
                "app",
                "ケアプランデータ連携システムアプリ",
                "ケアプランデータ連携システムアプリ",
            ),
            wrong(
                "edge",
                Text::new("Microsoft Edge", "Microsoft Edge"),
                Text::new(
                    "ブラウザです。送受信はブラウザではなく、インストールしたアプリで行います。",
                    "That is the browser. Data are exchanged with the application, not in the browser.",
                ),
            ),
        ],
        note: None,
    },
    Screen {
        part: SECOND,
        task: Text::new("「Download it now」をクリック", "Click “Download it now”."),
        title: Text::new("ケアプランデータ連携システムアプリ", "The application"),
        looks: "dialog-window",
        lines: &[Text::new(
            "アプリを動かすための部品（ランタイム）がこのパソコンにありません。本物の画面では英語で表示されます。",
            "A part that the application needs (a runtime) is not on this computer.",
        )],
        choices: &[
            right("download", "Download it now", "Download it now"),
            wrong(
                "close",
                Text::new("Close", "Close"),
                Text::new(
                    "部品がないままなので、アプリは起動しません。もう一度アイコンを押すと同じ画面が出ます。",
                    "Without it the application does not start; the icon shows the same window again.",
                ),
            ),
        ],
        note: Some(Text::new(
            "はじめて起動したときだけ出ます。部品がすでに入っているパソコンでは出ません。",
            "It comes at the first start only, and not where the part is there already.",
        )),
    },
    Screen {
        part: SECOND,
        task: Text::new("「ファイルを開く」をクリック", "Click “Open file” (ファイルを開く)."),
        title: Text::new("ダウンロード", "Downloads"),
        looks: "browser",
        lines: &[Text::new("ランタイムのインストーラー", "The installer of the runtime")],
        choices: &[
            right("open", "ファイルを開く", "Open file (ファイルを開く)"),
            wrong(
                "more",
                Text::new("もっと見る", "See more (もっと見る)"),
                Text::new(
                    "これまでにダウンロードしたファイルの一覧が開くだけです。「ファイルを開く」を押します。",
                    "This only opens the list of everything downloaded. Press “Open file”.",
                ),
            ),
        ],
        note: None,
    },
    Screen {
        part: SECOND,
        task: Text::new(
            "「了解してインストール」をクリック",
            "Click “Agree and install” (了解してインストール).",
        ),
        title: Text::new("ランタイムの確認", "About the runtime"),
        looks: "dialog-window",
        lines: &[Text::new(
            "アプリを動かす部品を、このパソコンに入れます。",
            "The part that the application needs will be put on this computer.",
        )],
        choices: &[
            right("agree", "了解してインストール", "Agree and install (了解してインストール)"),
            wrong(
                "cancel",
                CANCEL,
                Text::new(
                    "部品が入らないので、アプリは起動しません。",
                    "Without the part the application does not start.",
                ),
            ),
        ],
        note: None,
    },
    Screen {
        part: SECOND,
        task: Text::new("「インストール」をクリック", "Click “Install” (インストール)."),
        title: Text::new("ランタイムのインストーラー", "The installer of the runtime"),
        looks: "dialog-window",
        lines: &[Text::new(
            "「インストール」を押すと、使用許諾に同意したことになります。",
            "By pressing “Install” you accept the licence.",
        )],
        choices: &[
            right("install", "インストール", "Install (インストール)"),
            wrong(
                "close",
                CLOSE,
                Text::new(
                    "部品が入らないので、アプリは起動しません。",
                    "Without the part the application does not start.",
                ),
            ),
        ],
        note: None,
    },
    Screen {
        part: SECOND,
        task: Text::new("「はい」をクリック", "Click “Yes” (はい)."),
        title: Text::new("ユーザー アカウント制御", "User Account Control"),
        looks: "control",
        lines: &[Text::new(
            "このアプリがデバイスに変更を加えることを許可しますか？",
            "Do you want to allow this app to make changes to your device?",
        )],
        choices: &[
            right("yes", "はい", "Yes (はい)"),
            wrong(
                "no",
                NO,
                Text::new(
                    "許可しないと、部品のインストールはここで止まります。",
                    "Without it the installation of the part stops here.",
                ),
            ),
        ],
        note: None,
    },
    Screen {
        part: SECOND,
        task: Text::new("「閉じる」をクリック", "Click “Close” (閉じる)."),
        title: Text::new("ランタイムのインストーラー", "The installer of the runtime"),
        looks: "dialog-window",
        lines: &[Text::new(
            "インストールが正常に終わりました。",
            "The installation was successful.",
        )],
        choices: &[
            wrong(
                "remove",
                Text::new("アンインストール", "Uninstall (アンインストール)"),
                Text::new(
                    "入れたばかりの部品が消えて、アプリは起動しなくなります。",
                    "This takes the part away again, and the application does not start.",
                ),
            ),
            right("close", "閉じる", "Close (閉じる)"),
        ],
        note: None,
    },
];
