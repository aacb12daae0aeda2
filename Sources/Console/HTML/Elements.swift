// The elements of HTML and SVG that the pages use, one function each.

func a(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("a", attributes, content())
}

func aside(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("aside", attributes, content())
}

func bold(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("b", attributes, content())
}

func bdi(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("bdi", attributes, content())
}

func body(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("body", attributes, content())
}

func button(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("button", attributes, content())
}

func code(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("code", attributes, content())
}

func dd(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("dd", attributes, content())
}

func details(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("details", attributes, content())
}

func div(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("div", attributes, content())
}

func dl(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("dl", attributes, content())
}

func dt(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("dt", attributes, content())
}

func fieldset(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("fieldset", attributes, content())
}

func footer(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("footer", attributes, content())
}

func form(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("form", attributes, content())
}

func svgGroup(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("g", attributes, content())
}

func h1(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("h1", attributes, content())
}

func h2(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("h2", attributes, content())
}

func h3(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("h3", attributes, content())
}

func head(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("head", attributes, content())
}

func header(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("header", attributes, content())
}

func html(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("html", attributes, content())
}

func label(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("label", attributes, content())
}

func legend(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("legend", attributes, content())
}

func li(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("li", attributes, content())
}

func main(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("main", attributes, content())
}

func nav(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("nav", attributes, content())
}

func ol(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("ol", attributes, content())
}

func option(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("option", attributes, content())
}

func p(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("p", attributes, content())
}

func svgPath(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("path", attributes, content())
}

func pre(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("pre", attributes, content())
}

func svgRect(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("rect", attributes, content())
}

func script(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("script", attributes, content())
}

func section(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("section", attributes, content())
}

func choice(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("select", attributes, content())
}

func small(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("small", attributes, content())
}

func span(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("span", attributes, content())
}

func strong(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("strong", attributes, content())
}

func summary(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("summary", attributes, content())
}

func svg(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("svg", attributes, content())
}

func table(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("table", attributes, content())
}

func tbody(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("tbody", attributes, content())
}

func td(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("td", attributes, content())
}

func svgText(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("text", attributes, content())
}

func textarea(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("textarea", attributes, content())
}

func th(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("th", attributes, content())
}

func thead(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("thead", attributes, content())
}

func title(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("title", attributes, content())
}

func tr(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("tr", attributes, content())
}

func ul(_ attributes: Attribute..., @NodeBuilder content: () -> Node = { .empty }) -> Node {
  element("ul", attributes, content())
}

func br(_ attributes: Attribute...) -> Node { element("br", attributes, isVoid: true) }

func hr(_ attributes: Attribute...) -> Node { element("hr", attributes, isVoid: true) }

func input(_ attributes: Attribute...) -> Node { element("input", attributes, isVoid: true) }

func linked(_ attributes: Attribute...) -> Node { element("link", attributes, isVoid: true) }

func meta(_ attributes: Attribute...) -> Node { element("meta", attributes, isVoid: true) }
