/* Stands in the page's head, and is written for any browser: one that is older than this program needs (README) is told,
   and its reader what to do. Chromium has :is() since 88; Firefox has dialogs since 98. */
(function () {
  "use strict";
  var isKnown = window.CSS && CSS.supports && CSS.supports("selector(:is(a))") && window.Promise && Promise.any && window.HTMLDialogElement;
  if (!isKnown) document.documentElement.className += " is-too-old";
}());
