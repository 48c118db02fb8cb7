// Runs in the page before anything else does; what bench.canvas_lab measures is counted here.
(() => {
  const now = () => performance.now();
  const bench = (window.bench = { flying: new Map(), log: null, holds: [] });
  const none = () => ({ count: 0, bytes: 0, largest: 0 });

  bench.begin = (name) => {
    bench.log = {
      name, own: [], missed: 0, inks: [], waiting: [], texts: [], answers: [], down: null, up: null,
      out: none(), in: none(), flying: 0, number: null, state: 0, trips: [],
    };
  };

  // Messages

  function parse(data) {
    if (typeof data === "string") return { ...JSON.parse(data), size: data.length, buffers: [] };
    const view = new DataView(data);
    const at = (i) => Number(view.getBigUint64(8 * i, true));
    const part = (i) => new Uint8Array(data, at(i), at(i + 1) - at(i));
    const json = (i) => JSON.parse(new TextDecoder().decode(part(i)));
    const buffers = [];
    for (let i = 6; i < at(0); i++) buffers.push(part(i));
    return {
      header: json(2), parent_header: json(3), content: json(5), size: data.byteLength, buffers,
    };
  }

  function count(traffic, size) {
    traffic.count += 1;
    traffic.bytes += size;
    traffic.largest = Math.max(traffic.largest, size);
  }

  function onSend(data) {
    const { header, content, size, buffers } = parse(data);
    const { log } = bench;
    if (log) count(log.out, size);
    if (header.msg_type !== "comm_msg") return;
    const drawn = content.data.buffer_paths?.[0]?.[0] === "_drawing";
    const name = drawn ? "ours" : content.data.content?.event ? "theirs" : "neither";
    bench.flying.set(header.msg_id, { name, sent: now() });
    if (log?.name !== name) return;
    const flying = [...bench.flying.values()].filter((message) => message.name === name);
    log.flying = Math.max(log.flying, flying.length);
    if (drawn) {
      const { buffer, byteOffset, byteLength } = buffers[0];
      log.number = new DataView(buffer, byteOffset).getUint32(0, true);
      log.state = byteLength;
    }
  }

  function onReceive(data) {
    const { header, parent_header, content, size } = parse(data);
    const { log } = bench;
    if (log) count(log.in, size);
    const message = bench.flying.get(parent_header.msg_id);
    if (header.msg_type === "status") {
      if (content.execution_state === "idle") bench.flying.delete(parent_header.msg_id);
      else if (message) message.begun = Date.parse(header.date);
    }
    const answer = header.msg_type === "comm_msg" && content.data.state?._answer;
    if (!log || !answer) return;
    log.answers.push([answer.number, answer.text]);
    if (message) log.trips.push([now() - message.sent, Date.parse(header.date) - message.begun]);
  }

  window.WebSocket = class extends WebSocket {
    constructor(...all) {
      super(...all);
      this.counts = this.url.includes("/channels");
      if (this.counts) this.addEventListener("message", (event) => onReceive(event.data));
    }

    send(data) {
      if (this.counts) onSend(data);
      super.send(data);
    }
  };

  // Ink

  bench.watch = (name, canvas, text) => {
    const ink = (x, y) => canvas.getContext("2d").getImageData(x, y, 1, 1).data[3];
    let spot = null;
    const mine = (event) => bench.log?.name === name && event.target === canvas && event.buttons;

    function before(event) {
      spot = null;
      if (!mine(event)) return;
      const box = canvas.getBoundingClientRect();
      const x = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
      const y = Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
      if (ink(x, y) < 16) spot = { x, y, start: now() };
    }

    function after(event) {
      if (!spot) return;
      if (ink(spot.x, spot.y) > 127) bench.log.own.push(now() - spot.start);
      else bench.log.missed += 1;
      bench.log.waiting.push(spot);
    }

    function frame() {
      const { log } = bench;
      if (log?.name === name) {
        log.waiting = log.waiting.filter(({ x, y, start }) => {
          if (ink(x, y) <= 127) return true;
          log.inks.push(now() - start);
          return false;
        });
      }
      requestAnimationFrame(frame);
    }

    window.addEventListener("pointermove", before, true);
    window.addEventListener("pointermove", after);
    for (const which of ["down", "up"]) {
      window.addEventListener(`pointer${which}`, () => {
        if (bench.log?.name === name) bench.log[which] = now();
        if (bench.log) bench.log.held = bench.held;
      }, true);
    }
    requestAnimationFrame(frame);

    new MutationObserver(() => {
      if (bench.log?.name === name) bench.log.texts.push([now(), text.textContent]);
    }).observe(text, { childList: true, characterData: true, subtree: true });
  };

  // Is there nothing more to come?
  bench.settled = () => {
    const { name, waiting, up, texts, answers, number } = bench.log;
    if (bench.flying.size || waiting.length || !up || !texts.length) return false;
    if (name === "theirs") return true;
    const [last, text] = answers.at(-1) ?? [];
    return last === number && texts.length === answers.length && texts.at(-1)[1] === text;
  };

  // Kernel

  const kernel = () => jupyterapp.shell.currentWidget.sessionContext.session.kernel;

  bench.hold = (code) => new Promise((resolve) => {
    let start;
    const future = kernel().requestExecute({ code });
    future.onIOPub = ({ header, content }) => {
      if (header.msg_type !== "status" || content.execution_state !== "busy") return;
      start = now() + 100;
      bench.held = true;
      resolve();
    };
    future.done.then(() => {
      bench.held = false;
      bench.holds.push(now() - start);
    });
  });

  bench.value = async (expression) => {
    const request = { code: "", user_expressions: { it: expression }, store_history: false };
    const reply = await kernel().requestExecute(request).done;
    return reply.content.user_expressions.it.data["text/plain"];
  };
})();
