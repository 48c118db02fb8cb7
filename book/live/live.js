// The only script that a page names. It loads the others, if the browser is new enough; otherwise
// the still pictures stay, with a sentence. So this one is written as old browsers read it.
//
// Files come packed by gzip, which keeps them small on any server. If the page was opened from a
// folder, no script may read files; each then comes as a script that hands over its bytes as text.
(function () {
  var places = document.querySelectorAll(".live-canvas, .live-training");
  if (!places.length) return;
  var base = document.currentScript && document.currentScript.src.replace(/[^/]*$/, "");
  var isNew = base && "noModule" in document.createElement("script");
  ["Promise", "fetch", "DecompressionStream", "ResizeObserver", "PointerEvent"].forEach(function (name) {
    isNew = isNew && name in window;
  });
  if (!isNew) return say("To draw here, you need a newer browser.");

  var live = (window.live = { load: load, addressOf: addressOf, receive: receive, started: false });
  var waiting = {}; // for files that come as scripts
  var sources; // of the modules, by their names
  var addresses = {};

  load("scripts")
    .then(function (file) {
      sources = JSON.parse(new TextDecoder().decode(file));
      return addScript({ type: "module", src: addressOf("page.js") });
    })
    .then(
      function () {
        // A browser that does not understand a module runs nothing of it.
        if (!live.started) say("To draw here, you need a newer browser.");
      },
      function () {
        say("You cannot draw here now: the program for it could not be loaded.");
      },
    );

  // Returns a promise of a file as an ArrayBuffer.
  function load(name) {
    return (location.protocol === "file:" ? loadAsScript : fetchFile)(base + name + ".pack", name)
      .catch(function () {
        throw new Error("could not be loaded");
      })
      .then(function (blob) {
        return new Response(blob.stream().pipeThrough(new DecompressionStream("gzip")))
          .arrayBuffer()
          .catch(function () {
            throw new Error("is damaged");
          });
      });
  }

  function fetchFile(address) {
    return fetch(address).then(function (response) {
      if (!response.ok) throw new Error(response.status);
      return response.blob();
    });
  }

  function loadAsScript(address, name) {
    return addScript({ src: address + ".js" }).then(function () {
      return waiting[name];
    });
  }

  // Such a script calls this.
  function receive(name, text) {
    var letters = atob(text);
    var bytes = new Uint8Array(letters.length);
    for (var i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
    waiting[name] = new Blob([bytes]);
  }

  function addScript(properties) {
    return new Promise(function (resolve, reject) {
      var script = Object.assign(document.createElement("script"), properties);
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  // Returns where the browser finds a module, with the addresses of those that it imports.
  function addressOf(name) {
    if (!addresses[name]) {
      var text = sources[name].replace(/from "\.\/([\w.]+)"/g, function (_, other) {
        return 'from "' + addressOf(other) + '"';
      });
      addresses[name] = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    }
    return addresses[name];
  }

  function say(sentence) {
    for (var i = 0; i < places.length; i++) {
      var note = document.createElement("p");
      note.className = "live-note";
      note.appendChild(document.createTextNode(sentence));
      places[i].appendChild(note);
    }
  }
})();
