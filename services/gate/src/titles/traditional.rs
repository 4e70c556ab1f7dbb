//! Traditional characters that titles and policies have, with the simplified ones: so that an interpretation
//! published in them is held against its policy. No converter: words are not looked at.

use std::sync::LazyLock;

/// In the order of Unicode, each above its simplified form in [`SIMPLIFIED`].
const TRADITIONAL: &str = "\
    並佔併來係俠倉個們側偵傑備傳債傷僅僱價儀億儘償優兒內兩冊別則剛剝創劃劑動務勝勞勢\
    勵勸匯區協卻厲參吳呂員問啓啟喪單嚴囑囪國圍園圓圖團執堅報場塊塗壓壞壽夠夢奪妝婦孫\
    學實寧審寫寬寶將專尋對導屆屬島師帶幣幫幹幾庫廟廠廢廣廳強彈彌彙後徑從復徵態憲應懲\
    戰戶掃採換揮損擇擔據擬擴攝敗敵數斷於時晝曆曉書會東條楊業極榮構樂樓標樣橋機檢權歡\
    歲歷歸殘殺毀氣決沒沖況淨淺減渦測準溫滅滿漢潔濕濟灣災為無煙熱燈營爭爲牆狀獎獨獲獻\
    現環產畢畫異當療發盜盡監盤眾碩確碼礦禮稅種稱積穩窮競筆節範築簡簽籌糧約紅納純紙級\
    細組結絕絡給統經綠維網緊線緣編緩練縣縮縱總績織繫繼續纖罰罷羅義習聖聯聲職聽肅腦膚\
    臨臺與興舉舊華萬葉蓋藝藥蘇處號蟲衆術衛衝裏補裝裡製複見規視親覺覽觀計訊訓記訪設許\
    訴註評詞詢試話該詳認語誤說課調談請論諮諾謀講謝證識譯議護讀變讓豐貝負財貧貨販貫責\
    貴買費貼貿賀資賓賞賠賣質購贈贏趕蹟車軍軟較載輔輕輛輪輸轉辦辭農這連週進遊運過達違\
    遞遠適遲遷選遺還邊郵鄉鄰醫釋針鋼錄錢錯錶鎮鐵鑒鑰長門閉開間閱闊關陰陳陸陽隊階際隨\
    險雖雙雜離難雲電霧靜響頁頂項順須預頒領頭頻題額願類顯風飛飯飲養餘館馬駐騙驅驗體髮\
    鬧魚鮮鳥鹽麗麥麼麽黃點黨齊齒齡龍\
";
const SIMPLIFIED: &str = "\
    并占并来系侠仓个们侧侦杰备传债伤仅雇价仪亿尽偿优儿内两册别则刚剥创划剂动务胜劳势\
    励劝汇区协却厉参吴吕员问启启丧单严嘱囱国围园圆图团执坚报场块涂压坏寿够梦夺妆妇孙\
    学实宁审写宽宝将专寻对导届属岛师带币帮干几库庙厂废广厅强弹弥汇后径从复征态宪应惩\
    战户扫采换挥损择担据拟扩摄败敌数断于时昼历晓书会东条杨业极荣构乐楼标样桥机检权欢\
    岁历归残杀毁气决没冲况净浅减涡测准温灭满汉洁湿济湾灾为无烟热灯营争为墙状奖独获献\
    现环产毕画异当疗发盗尽监盘众硕确码矿礼税种称积稳穷竞笔节范筑简签筹粮约红纳纯纸级\
    细组结绝络给统经绿维网紧线缘编缓练县缩纵总绩织系继续纤罚罢罗义习圣联声职听肃脑肤\
    临台与兴举旧华万叶盖艺药苏处号虫众术卫冲里补装里制复见规视亲觉览观计讯训记访设许\
    诉注评词询试话该详认语误说课调谈请论咨诺谋讲谢证识译议护读变让丰贝负财贫货贩贯责\
    贵买费贴贸贺资宾赏赔卖质购赠赢赶迹车军软较载辅轻辆轮输转办辞农这连周进游运过达违\
    递远适迟迁选遗还边邮乡邻医释针钢录钱错表镇铁鉴钥长门闭开间阅阔关阴陈陆阳队阶际随\
    险虽双杂离难云电雾静响页顶项顺须预颁领头频题额愿类显风飞饭饮养余馆马驻骗驱验体发\
    闹鱼鲜鸟盐丽麦么么黄点党齐齿龄龙\
";

/// What each character from [`FIRST`] on is, up to the last traditional one: asked of every letter of a text.
static SIMPLE: LazyLock<Vec<char>> = LazyLock::new(|| {
    let last = TRADITIONAL.chars().last().unwrap_or(FIRST);
    let mut simple: Vec<char> = (FIRST..=last).collect();
    for (traditional, simplified) in TRADITIONAL.chars().zip(SIMPLIFIED.chars()) {
        if let Some(held) = index(traditional).and_then(|index| simple.get_mut(index)) {
            *held = simplified;
        }
    }
    simple
});
const FIRST: char = '\u{4e00}';

/// A character, simplified where it is a traditional one that is known here.
pub(crate) fn simplify(c: char) -> char {
    index(c).and_then(|index| SIMPLE.get(index).copied()).unwrap_or(c)
}

fn index(c: char) -> Option<usize> {
    usize::try_from(u32::from(c).checked_sub(u32::from(FIRST))?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_traditional_character_has_its_simplified_one() {
        let (from, to): (Vec<char>, Vec<char>) =
            (TRADITIONAL.chars().collect(), SIMPLIFIED.chars().collect());
        assert_eq!(from.len(), to.len());
        assert!(from.is_sorted_by(|one, next| one < next));
        assert!(from.first().is_some_and(|first| *first >= FIRST));
        let title = "國務院辦公廳關於開展城鎮小區配套幼兒園治理工作的通知";
        let simple: String = title.chars().map(simplify).collect();
        assert_eq!(simple, "国务院办公厅关于开展城镇小区配套幼儿园治理工作的通知");
    }
}
