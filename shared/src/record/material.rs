//! What furniture is made of, as far as it is cared for differently (`domain.md` section 7).

use crate::record::keyed::keyed;

keyed! {
    /// A material 材质, each with its care tips 保养.
    Material {
        /// 真皮
        Leather = "leather",
        /// 布艺
        Fabric = "fabric",
        /// 实木
        SolidWood = "solid_wood",
        /// 板式
        Board = "board",
        /// 岩板
        SinteredStone = "sintered_stone",
        /// 大理石
        Marble = "marble",
        /// 玻璃
        Glass = "glass",
        /// 金属
        Metal = "metal",
        /// 藤编
        Rattan = "rattan",
        /// 乳胶
        Latex = "latex",
    }
}
