/// Pages for a browser: text, numbers and pictures as they stand in HTML ([dae.html.Html]), for
/// `report` and `inspect`.
package dae.html;
