// The page of an outage shows what was asked for as soon as it is there again. What was sent is not sent again by itself.
(() => {
  const wait = () => setTimeout(ask, 2000 + Math.random() * 1000);

  async function ask() {
    try {
      // A tab nobody looks at waits until somebody does.
      if (!document.hidden && (await fetch(location.href, { cache: 'no-store' })).status !== 503) return location.reload();
    } catch { }
    wait();
  }
  wait();
})();
