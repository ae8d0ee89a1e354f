// Streamlit speaks English in a few places that no option reaches. Said here in Chinese, wherever they appear.
(() => {
  document.documentElement.lang = "zh-CN";
  if (window.xiaohaotaiWords) return;
  const exact = {
    "Choose options": "请选择", "Choose an option": "请选择", "Choose or add options": "请选择或填写",
    "Choose or add an option": "请选择或填写", "No results": "没有符合的选项", "No options to select.": "没有可选的选项",
    "No options": "没有可选的选项", "Select all": "全选", "Clear all": "全部清除", "Clear value": "清除",
    "Clear date": "清除日期", "Clear dates": "清除日期", "Clear entry": "清除", "Clear selection": "取消选择",
    "Choose date": "选择日期", "Choose date range": "选择起止日期", "Date range": "起止日期",
    "Quick select a date range": "常用时段", "Open": "展开", "Selected values": "已选",
    "Next page": "下一页", "Previous page": "上一页", "Pagination": "翻页",
    "Upload": "选文件", "Upload directories": "选文件夹", "Add files": "再加文件",
    "Drag and drop a file here": "把文件拖到这里", "Drag and drop files here": "把文件拖到这里",
    "Drag and drop directories here": "把文件夹拖到这里", "Error uploading file": "文件没有传上来，请重试",
    "Press Enter to apply": "按回车键生效", "Press Ctrl+Enter to apply": "按 Ctrl+回车 生效",
    "Press ⌘+Enter to apply": "按 ⌘+回车 生效", "Press Enter to submit form": "按回车键提交",
    "Running...": "正在处理…", "Stopping...": "正在停止…", "Stop": "停止", "Rerun": "刷新", "Settings": "显示设置",
    "Print": "打印", "About": "关于", "Theme": "明暗", "Light": "浅色", "Dark": "深色", "System": "随系统",
    "Use system setting": "随系统", "Close": "关闭", "Cancel": "取消", "Main menu": "更多", "App pages": "菜单",
    "Notifications": "通知", "Skip to main content": "跳到正文", "Navigate to home page": "回到首页",
    "Expand sidebar": "展开菜单", "Collapse sidebar": "收起菜单", "Sidebar": "菜单",
    "Show password": "显示密码", "Hide password": "隐藏密码", "Show password text": "显示密码", "Hide password text": "隐藏密码",
    "Increment": "加", "Decrement": "减", "Copy": "复制", "Copied": "已复制", "Copy to clipboard": "复制",
    "Connection error": "连接断开", "Connection timed out.": "连接超时。", "Connection timed out": "连接超时",
    "Connecting": "正在连接", "Connecting to Streamlit server": "正在连接服务器", "CONNECTING": "正在连接",
    "Unable to connect to Streamlit server": "连不上服务器", "Try again": "重试", "Please wait...": "请稍候…",
    "Streamlit server is not responding. Are you connected to the internet?": "服务器没有回应。恢复后本页自动继续，已保存的内容不会丢失。",
    "Page not found": "没有这个页面", "Empty": "空", "empty": "空", "No data": "没有数据", "Type to search": "输入文字查找",
    "Add row": "加一行", "Delete row(s)": "删除所选行", "Search": "查找", "Fullscreen": "全屏", "Close fullscreen": "退出全屏",
    "Show/hide columns": "显示或隐藏列", "Sort ascending": "升序", "Sort descending": "降序", "Autosize": "适合列宽",
    "Pin column": "固定这一列", "Unpin column": "取消固定", "Hide column": "隐藏这一列", "Format": "格式",
    "Statistics": "统计", "Copy column name": "复制列名", "Edit": "修改", "Values": "值",
    "Select...": "请选择", "Previous month": "上一月", "Next month": "下一月", "None": "不限",
    "Past Week": "最近一周", "Past Month": "最近一月", "Past 3 Months": "最近三月", "Past 6 Months": "最近半年",
    "Past Year": "最近一年", "Past 2 Years": "最近两年",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "用方向键选日期，回车确定，Esc 关闭。",
    "Link to heading": "本节链接", "Dismiss": "关闭", "Copy name": "复制", "Calendar": "日历", "Previous": "上一月", "Next": "下一月",
    "January": "1月", "February": "2月", "March": "3月", "April": "4月", "May": "5月", "June": "6月", "July": "7月",
    "August": "8月", "September": "9月", "October": "10月", "November": "11月", "December": "12月",
  };
  const patterns = [
    [/^([\d.]+ ?[KMG]?B) per file(.*)$/, "每个文件不超过 $1$2"],
    [/^File must be ([\d.]+ ?[KMG]?B) or smaller\.?$/, "文件超过 $1，没有收下"],
    [/^(.+) files are not allowed\.?$/, "不收 $1 这类文件"],
    [/^Select (\d+) matches$/, "全选这 $1 项"],
    [/^Remove (.+)$/, "去掉 $1"],
    [/^Help for (.+)$/, "$1：说明"],
    [/^(\d+) options? available\.$/, "有 $1 项可选。"],
    [/^year, (.+)$/, "年，$1"], [/^month, (.+)$/, "月，$1"], [/^day, (.+)$/, "日，$1"],
    [/^(.+) start date$/, "$1，起"], [/^(.+) end date$/, "$1，止"],
    [/^(Show\/hide columns|Download as CSV|Search|Fullscreen|Close fullscreen): (.+)$/, "表格工具：$2"],
    [/^Page (\d+)$/, "第 $1 页"],
    [/^You can only select up to (\d+) options?\. Remove an option first\.$/, "最多选 $1 项，请先去掉一项"],
    [/^The page that you have requested does not seem to exist\..*$/, "没有这个页面，已打开首页。"],
    [/^You have requested page .*$/, "没有这个页面，已打开首页。"],
    [/^Is Streamlit still running\?.*$/, "与服务器的连接断开了。恢复后本页自动继续，已保存的内容不会丢失。"],
  ];
  const said = (text) => {
    const plain = text.trim();
    if (!plain || !/[A-Za-z]{2}/.test(plain) || plain.length > 200) return null;
    if (Object.hasOwn(exact, plain)) return exact[plain];
    for (const [pattern, words] of patterns) if (pattern.test(plain)) return plain.replace(pattern, words);
    return null;
  };
  // What people typed and what the record says is left alone: only Streamlit's own parts are looked at.
  const ours = "[data-testid=stMarkdownContainer],[data-testid=stTable],[contenteditable],textarea,input,pre,code,script,style";
  const text = (node) => {
    const words = node.parentElement && !node.parentElement.closest(ours) ? said(node.nodeValue) : null;
    if (words !== null) node.nodeValue = words;
  };
  const attributes = (element) => {
    for (const name of ["placeholder", "aria-label", "title"]) {
      const words = element.hasAttribute(name) ? said(element.getAttribute(name)) : null;
      if (words !== null) element.setAttribute(name, words);
    }
  };
  const all = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return text(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    attributes(root);
    root.querySelectorAll("[placeholder],[aria-label],[title]").forEach(attributes);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) text(walker.currentNode);
  };
  window.xiaohaotaiWords = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") text(change.target);
      else if (change.type === "attributes") attributes(change.target);
      else change.addedNodes.forEach(all);
    }
  });
  all(document.body);
  window.xiaohaotaiWords.observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["placeholder", "aria-label", "title"],
  });
})();
