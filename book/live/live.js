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
  if (!isNew) return say("To draw and to train here, you need a newer browser.");

  var live = (window.live = { load: load, makeWorker: makeWorker, receive: receive, started: {} });
  var waiting = {}; // for files that come as scripts
  var sources = {}; // of the modules, by their names
  var addresses = {};
  if (document.querySelector(".live-canvas")) start("canvas");
  if (document.querySelector(".live-training")) start("training");

  // Loads the modules of a pack, and runs the first.
  function start(name) {
    load(name + "-scripts")
      .then(function (file) {
        var found = JSON.parse(new TextDecoder().decode(file));
        Object.assign(sources, found);
        Object.keys(found).filter(isStyle).forEach(addStyle);
        return addScript({ type: "module", src: addressOf(Object.keys(found)[0]) });
      })
      .then(
        function () {
          // A browser that does not understand a module runs nothing of it.
          if (!live.started[name]) say("To use this, you need a newer browser.", name);
        },
        function () {
          say("The program for this part of the page could not be loaded.", name);
        },
      );
  }

  function isStyle(name) {
    return /\.css$/.test(name);
  }

  function addStyle(name) {
    if (!addresses[name]) document.head.appendChild(document.createElement("style")).append(sources[name]);
    addresses[name] = name; // both packs may have it
  }

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
      addresses[name] = makeAddress(text);
    }
    return addresses[name];
  }

  function makeAddress(text) {
    return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  }

  // From a folder, Chromium starts no worker that is a module.
  function makeWorker(name) {
    return new Worker(makeAddress(sources[name].replace(/^export /gm, "")));
  }

  function say(sentence, name) {
    if (name) places = document.querySelectorAll(".live-" + name);
    for (var i = 0; i < places.length; i++) {
      var note = document.createElement("p");
      note.className = "live-note";
      note.appendChild(document.createTextNode(sentence));
      places[i].appendChild(note);
    }
  }
})();
