// Sends a page's form as JSON, together with the token of the page's address, and shows the answer.
const form = document.querySelector("form[data-post]");

async function send(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  const answer = form.querySelector("output");
  button.disabled = true;
  try {
    const token = new URLSearchParams(location.search).get("token") ?? "";
    const response = await fetch(form.dataset.post, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...Object.fromEntries(new FormData(form)), token }),
    });
    if (response.ok) {
      answer.textContent = form.dataset.done;
      return;
    }
    const problem = await response.json();
    answer.textContent = problem.detail ?? "That did not work.";
  } catch {
    answer.textContent = "The server could not be reached.";
  }
  button.disabled = false;
}

form?.addEventListener("submit", send);
