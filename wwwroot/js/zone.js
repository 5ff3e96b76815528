// [data-browser-zone] a field without a value gets the time zone of this browser; the server knows its older names too.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  for (const field of document.querySelectorAll('[data-browser-zone]')) {
    if (field.value) continue;
    if (field.options && ![...field.options].some(option => option.value === zone)) field.add(new Option(zone.replaceAll('_', ' '), zone));
    field.value = zone;
  }
})();
