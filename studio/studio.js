import { MaskEditor } from './mask.js';
import { call, cancel, follow, models, Refusal, submit } from './live.js';

const $ = id => document.getElementById(id);
const mask = new MaskEditor($('canvas'), () => { $('undo').disabled = $('clear').disabled = mask.count === 0; });
let scene = null; // File or Blob
let subject = null;
let job = null;
let unfollow = () => {};

// 1. Picture and mask

async function openScene(file) {
  if (!file) return;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    scene = file;
    $('scene-drop').hidden = true;
    $('easel').hidden = false;
    mask.show(picture);
    mask.size = $('size').value;
    complain(null);
    $('canvas').focus({ preventScroll: true });
  } catch {
    complain({ message: 'The browser cannot show this file. Choose a JPEG, PNG or WebP picture.', param: 'scene' });
  }
}

function choose(tool) {
  mask.erasing = tool === 'eraser';
  for (const name of ['brush', 'eraser']) $(name).setAttribute('aria-pressed', String(name === tool));
}

$('brush').addEventListener('click', () => choose('brush'));
$('eraser').addEventListener('click', () => choose('eraser'));
$('undo').addEventListener('click', () => mask.undo());
$('clear').addEventListener('click', () => mask.clear());
$('size').addEventListener('input', event => { mask.size = event.target.value; });
$('other').addEventListener('click', () => $('scene').click());

document.addEventListener('keydown', event => {
  const typing = event.target.closest('textarea, select, input:not([type=range]):not([type=file])');
  if (typing || $('easel').hidden) return;
  const size = $('size');
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') { event.preventDefault(); mask.undo(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = {
    b: () => choose('brush'),
    e: () => choose('eraser'),
    '[': () => { size.value = Number(size.value) - 5; mask.size = size.value; },
    ']': () => { size.value = Number(size.value) + 5; mask.size = size.value; },
  }[event.key];
  act?.();
});

function acceptFiles(input, take) {
  input.addEventListener('change', () => { take(input.files[0]); input.value = ''; });
}

function acceptDrops(zone, take) {
  for (const type of ['dragenter', 'dragover'])
    zone.addEventListener(type, event => { event.preventDefault(); zone.classList.add('over'); });
  for (const type of ['dragleave', 'drop'])
    zone.addEventListener(type, event => { event.preventDefault(); zone.classList.remove('over'); });
  zone.addEventListener('drop', event => take(event.dataTransfer.files[0]));
}

acceptFiles($('scene'), openScene);
acceptDrops($('scene-drop'), openScene);
acceptDrops($('easel'), openScene);

// 2. Wish

function setSubject(file) {
  subject = file ?? null;
  URL.revokeObjectURL($('subject-show').src);
  $('subject-show').hidden = $('subject-none').hidden = !subject;
  if (subject) $('subject-show').src = URL.createObjectURL(subject);
}

acceptFiles($('subject'), file => file && setSubject(file));
acceptDrops($('subject-drop'), file => file && setSubject(file));
$('subject-none').addEventListener('click', () => setSubject(null));

function complain(problem) {
  $('problem').hidden = !problem;
  if (!problem) return;
  $('problem').textContent = problem.message;
  const field = { instruction: 'instruction', n: 'n', seed: 'seed', steps: 'steps', model: 'model', scene: 'canvas', mask: 'canvas' }[problem.param];
  if (field) {
    $(field).closest('details')?.setAttribute('open', '');
    $(field).focus();
  }
}

function readForm() {
  if (!scene) throw new Refusal({ detail: 'Choose a picture first.', param: 'scene' });
  if (mask.isEmpty) throw new Refusal({ detail: 'Paint over the place that is to change; roughly is enough.', param: 'mask' });
  const form = new FormData();
  form.append('scene', scene, scene.name ?? 'scene.png');
  form.append('mask_shapes', JSON.stringify(mask.shapes));
  form.append('instruction', $('instruction').value);
  if (subject) form.append('subject', subject);
  for (const name of ['model', 'n', 'seed', 'steps']) if ($(name).value !== '') form.append(name, $(name).value);
  return form;
}

$('form').addEventListener('submit', async event => {
  event.preventDefault();
  if ($('submit').disabled) return;
  complain(null);
  $('submit').disabled = true;
  try {
    begin(await submit(readForm()));
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    complain(problem);
    $('submit').disabled = false;
  }
});

$('cancel').addEventListener('click', async () => {
  try { await cancel(job); } catch (problem) { complain(problem); }
});

// 3. Result

const WORDS = {
  queued: () => 'Waiting for its turn …',
  processing: stage => stage === 'understanding' ? 'Looking at the picture, the mask and the words …' : stage === 'generating' ? 'Painting …' : 'Working …',
  canceling: () => 'Letting go …',
};

function begin(accepted) {
  unfollow();
  job = accepted;
  for (const id of ['answer', 'preview', 'compare']) $(id).hidden = true;
  for (const id of ['work', 'bar', 'cancel']) $(id).hidden = false;
  $('work-name').textContent = 'In the works';
  $('bar').removeAttribute('value');
  say(WORDS.queued());
  $('work').scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth', block: 'nearest' });
  unfollow = follow(accepted, {
    onStatus: ({ status, stage }) => {
      say(WORDS[status]?.(stage) ?? status);
      if (stage === 'generating') showAnswer();
    },
    onProgress: ({ step, steps, output }) => {
      $('bar').max = steps;
      $('bar').value = step;
      say(`Painting: step ${step} of ${steps}${output > 0 ? `, result ${output + 1}` : ''}`);
    },
    onPreview: ({ image }) => { $('preview').src = image; $('preview').hidden = false; },
    onDone: finish,
  });
}

const say = text => { if ($('state').textContent !== text) $('state').textContent = text; };

/** What the model understood is in the job as soon as painting begins. */
async function showAnswer(known) {
  try {
    const of = job.id;
    const now = known ?? await call(job.urls.self);
    if (!now.understanding || of !== job.id) return;
    const { answer, confidence } = now.understanding;
    $('answer').textContent = `${answer.replace(/<img_\d+>/g, '').replace(/\s*The visual you requested is\s*\.?\s*$/, '').trim()} (${Math.round(confidence * 100)} % sure)`;
    $('answer').hidden = false;
  } catch {
    // It comes again with the end.
  }
}

function finish(done) {
  job = done;
  for (const id of ['preview', 'bar', 'cancel']) $(id).hidden = true;
  $('submit').disabled = false;
  showAnswer(done);
  $('work-name').textContent = 'Result';
  if (done.status !== 'succeeded') {
    say(done.status === 'canceled' ? 'Canceled.' : done.status === 'expired' ? 'It did not begin in time.' : `It failed: ${done.error?.detail ?? done.status}`);
    return;
  }
  say(`Done in ${(done.timings.total_ms / 1000).toFixed(1)} s.`);
  $('before').src = done.inputs.scene.url;
  $('compare').hidden = false;
  $('choices').replaceChildren(...(done.outputs.length < 2 ? [] : done.outputs.map(choice)));
  show(done.outputs[0]);
}

function choice(output) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = `Result ${output.index + 1}`;
  button.addEventListener('click', () => show(output));
  return button;
}

function show(output) {
  $('after').src = $('download').href = output.url;
  $('download').download = `flexedit-${output.seed}.${output.content_type.split('/')[1]}`;
  [...$('choices').children].forEach((button, index) => button.setAttribute('aria-pressed', String(index === output.index)));
  const { changed_pixels: changed, changed_outside: outside } = output.preservation;
  $('facts').textContent = `${output.width} × ${output.height} pixels, seed ${output.seed}. ${changed.toLocaleString('en')} pixels differ from the original, ${outside.toLocaleString('en')} of them outside the edited region.`;
}

$('split').addEventListener('input', event => $('slider').style.setProperty('--split', `${event.target.value}%`));
$('again').addEventListener('click', async () => {
  const picture = await (await fetch($('after').src)).blob();
  await openScene(new File([picture], 'scene', { type: picture.type }));
  $('easel').scrollIntoView({ block: 'nearest' });
});

async function offerModels() {
  try {
    for (const { id } of await models()) $('model').append(new Option(id));
  } catch (problem) {
    complain(problem);
  }
}

offerModels();
