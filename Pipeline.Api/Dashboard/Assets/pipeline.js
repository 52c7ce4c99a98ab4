// Keeps the regions that are marked live as the server has them. A region that somebody is in with the keyboard waits.
(function () {
  'use strict';
  const every = 5000;

  async function refresh() {
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { headers: { 'X-Requested-With': 'fetch' } });
        if (answer.ok) {
          const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
          for (const now of page.querySelectorAll('[data-live]')) {
            const shown = document.querySelector('[data-live="' + now.dataset.live + '"]');
            if (shown && shown.innerHTML !== now.innerHTML && !shown.contains(document.activeElement)) {
              shown.innerHTML = now.innerHTML;
            }
          }
        }
      } catch (e) {
        // The server is away for a moment: what is shown stays, and the next look tries again.
      }
    }
    setTimeout(refresh, every);
  }

  if (document.querySelector('[data-live]')) {
    setTimeout(refresh, every);
  }
})();
