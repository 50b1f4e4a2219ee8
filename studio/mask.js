// The rough mask: strokes in pixels of the upright scene. What is sent is the strokes themselves, so that the server draws
// exactly what is shown here.

const TINT = '#ff3d81';
const MOST_STROKES = 480; // The server takes 500 marks
const MOST_POINTS = 9800; // and 10,000 points.

export class MaskEditor {
  #canvas;
  #context;
  #layer = document.createElement('canvas');
  #picture = null;
  #scale = 1; // Canvas pixels a scene pixel
  #strokes = [];
  #current = null;
  #erasing = false;
  #radius = 20;
  #cursor = null;
  #penDown = false;
  #onChange;

  constructor(canvas, onChange) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    this.#onChange = onChange;
    canvas.addEventListener('pointerdown', event => this.#down(event));
    canvas.addEventListener('pointermove', event => this.#move(event));
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'])
      canvas.addEventListener(type, () => this.#finish());
    canvas.addEventListener('pointerleave', () => { if (!this.#current) { this.#cursor = null; this.#draw(); } });
    canvas.addEventListener('keydown', event => this.#key(event));
    canvas.addEventListener('blur', () => { this.#lift(); this.#cursor = null; this.#draw(); });
  }

  /** Marks in the form of the API's mask_shapes. */
  get shapes() {
    const round = value => Math.round(value * 10) / 10;
    return this.#strokes.map(stroke => ({
      type: 'stroke',
      op: stroke.erase ? 'subtract' : 'add',
      radius: round(stroke.radius),
      points: stroke.points.map(([x, y]) => [round(x), round(y)]),
    }));
  }

  get isEmpty() { return !this.#strokes.some(stroke => !stroke.erase); }
  get count() { return this.#strokes.length; }
  set erasing(value) { this.#erasing = value; }

  /** Brush size, 1 to 100: up to a fifth of the shorter side. */
  set size(value) {
    if (!this.#picture) return;
    const shorter = Math.min(this.#picture.width, this.#picture.height);
    this.#radius = Math.max(1, shorter * 0.2 * (value / 100) ** 1.5);
    this.#draw();
  }

  /** Shows a picture (an ImageBitmap, upright) without any mask. */
  show(picture) {
    this.#picture = picture;
    const longest = Math.max(picture.width, picture.height);
    this.#scale = Math.min(1, 1600 / longest);
    for (const canvas of [this.#canvas, this.#layer]) {
      canvas.width = Math.max(1, Math.round(picture.width * this.#scale));
      canvas.height = Math.max(1, Math.round(picture.height * this.#scale));
    }
    this.clear();
  }

  undo() { this.#strokes.pop(); this.#changed(); }
  clear() { this.#strokes = []; this.#current = null; this.#changed(); }

  #changed() { this.#draw(); this.#onChange(); }

  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    return [
      (event.clientX - box.left) / box.width * this.#picture.width,
      (event.clientY - box.top) / box.height * this.#picture.height,
    ];
  }

  #down(event) {
    if (event.button !== 0 || !this.#picture) return;
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    this.#cursor = this.#at(event);
    this.#begin();
  }

  #move(event) {
    if (!this.#picture) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) this.#extend(this.#at(one));
    this.#cursor = this.#at(event);
    this.#draw();
  }

  #begin() {
    const points = this.#strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
    if (this.#strokes.length >= MOST_STROKES || points >= MOST_POINTS) return;
    this.#current = { erase: this.#erasing, radius: this.#radius, points: [this.#cursor], left: MOST_POINTS - points };
    this.#strokes.push(this.#current);
    this.#changed();
  }

  #extend(point) {
    const stroke = this.#current;
    if (!stroke || stroke.points.length >= stroke.left) return;
    const [x, y] = stroke.points.at(-1);
    if (Math.hypot(point[0] - x, point[1] - y) >= Math.max(1, stroke.radius / 6)) stroke.points.push(point);
  }

  #finish() {
    if (!this.#current || this.#penDown) return;
    this.#current = null;
    this.#changed();
  }

  #lift() { this.#penDown = false; this.#finish(); }

  #key(event) {
    if (!this.#picture || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = Math.max(2, this.#radius / (event.shiftKey ? 1 : 3));
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (!way && event.key !== ' ' && event.key !== 'Escape') return;
    event.preventDefault();
    this.#cursor ??= [this.#picture.width / 2, this.#picture.height / 2];
    if (way) {
      this.#cursor = [
        Math.min(this.#picture.width, Math.max(0, this.#cursor[0] + way[0])),
        Math.min(this.#picture.height, Math.max(0, this.#cursor[1] + way[1])),
      ];
      if (this.#penDown) this.#extend(this.#cursor);
    } else if (event.key === ' ' && !this.#penDown) {
      this.#penDown = true;
      this.#begin();
    } else {
      this.#lift();
    }
    this.#draw();
  }

  #draw() {
    if (!this.#picture) return;
    const { width, height } = this.#canvas;
    const layer = this.#layer.getContext('2d');
    layer.clearRect(0, 0, width, height);
    layer.lineCap = layer.lineJoin = 'round';
    layer.strokeStyle = layer.fillStyle = TINT;
    for (const stroke of this.#strokes) this.#drawStroke(layer, stroke);

    const context = this.#context;
    context.drawImage(this.#picture, 0, 0, width, height);
    context.globalAlpha = 0.55;
    context.drawImage(this.#layer, 0, 0);
    context.globalAlpha = 1;
    if (this.#cursor) this.#drawCursor(context);
  }

  #drawStroke(layer, stroke) {
    const scale = this.#scale;
    layer.globalCompositeOperation = stroke.erase ? 'destination-out' : 'source-over';
    layer.lineWidth = stroke.radius * 2 * scale;
    layer.beginPath();
    const [x, y] = stroke.points[0];
    if (stroke.points.length === 1) {
      layer.arc(x * scale, y * scale, stroke.radius * scale, 0, 2 * Math.PI);
      layer.fill();
      return;
    }
    layer.moveTo(x * scale, y * scale);
    for (const [px, py] of stroke.points.slice(1)) layer.lineTo(px * scale, py * scale);
    layer.stroke();
  }

  #drawCursor(context) {
    const [x, y] = this.#cursor;
    context.beginPath();
    context.arc(x * this.#scale, y * this.#scale, this.#radius * this.#scale, 0, 2 * Math.PI);
    for (const [colour, width] of [['#000', 3], [this.#penDown ? TINT : '#fff', 1.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }
}
