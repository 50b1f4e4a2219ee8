using System.Diagnostics;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Natives;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Training.Data;
using FlexEdit.Training.Editor;
using FlexEdit.Training.Optimisation;
using FlexEdit.Training.World;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace FlexEdit.Training.Understanding;

/// <summary>
/// Stage 3: the Q-Former learns to give the tokens that the painting half was trained on, from the frozen language model's states of the image tokens
/// (mean squared error and cosine, as GILL and SmartEdit's first stage). Writes <c>qformer.aligned.safetensors</c>, and goes on from it.
/// </summary>
public sealed class AlignQFormer(string folder, double minutes, int threads, WorldCatalog catalog)
{
    private const int Batch = 16;
    private const string Aligned = "qformer.aligned.safetensors";
    private readonly EditVocabulary vocabulary = catalog.Vocabulary;

    /// <summary>Runs the stage.</summary>
    public void Run()
    {
        TorchNatives.UseThreads(threads);
        random.manual_seed(3);
        var tokenizer = WordTokenizer.Open(Path.Combine(folder, "tokenizer.json"));
        var config = TinyUnderstanding.Config(tokenizer);
        var prompt = new EditPrompt(tokenizer, config.Llava.TokensPerImage(), config.ImageTokens);
        using var networks = new UnderstandingNetworks(config);
        using var autoencoder = TinyAutoencoder.Of(folder, null, catalog);
        using var teacher = new EditTeacher(catalog, autoencoder, config.Qformer.HiddenSize);
        Load(networks, "understanding.average.safetensors");
        if (File.Exists(Path.Combine(folder, Aligned)))
            Load(networks.QFormer, Aligned);
        networks.Vllm.to(ScalarType.BFloat16);

        using var optimiser = new FlatAdamW(networks.QFormer.named_parameters().Select(p => (p.name, (Parameter)p.parameter)), emaDecay: 0.995);
        var rate = new LearningRate(5e-4, WarmUp: 100, DecayShare: 0.5);
        var renderer = new EditRenderer(catalog, TinyEditor.Side, 41, EditMix.All, heldOut: false, TrainingMarks.Both);
        var padding = tokenizer.Controls[ControlTokens.Padding];
        var waiting = new Waiting(renderer, prompt, vocabulary, padding);
        using var batches = new Prefetch<UnderstandingBatch>(waiting.Make, 0, ahead: 4);
        var clock = Stopwatch.StartNew();
        double sum = 0;
        for (var step = 1; clock.Elapsed.TotalMinutes < minutes; step++)
        {
            using var scope = NewDisposeScope();
            var made = batches.Take();
            var (states, wanted) = Inputs(networks, teacher, made);
            var given = networks.QFormer.Forward(states);
            var loss = nn.functional.mse_loss(given, wanted) + (1 - nn.functional.cosine_similarity(given, wanted, 2).mean());
            loss.backward();
            optimiser.Step(rate.At(step, clock.Elapsed.TotalMinutes / minutes));
            sum += loss.item<float>();
            if (step % 50 != 0)
                continue;
            Console.WriteLine($"{clock.Elapsed.TotalMinutes,6:F1} min  step {step}  loss {sum / 50:F4}");
            sum = 0;
        }
        optimiser.WithAverage(() => StateDict.Save(networks.QFormer, Path.Combine(folder, Aligned)));
    }

    private static (Tensor States, Tensor Wanted) Inputs(UnderstandingNetworks networks, EditTeacher teacher, UnderstandingBatch made)
    {
        using var noGrad = no_grad();
        var data = made.ToTensors();
        var vllm = networks.Vllm;
        var features = vllm.ImageFeatures(data.Pictures.to(ScalarType.BFloat16));
        var states = vllm.LanguageModel.Forward(vllm.Embed(data.Ids, features));
        var tokens = networks.Config.ImageTokens;
        var image = stack([.. made.ImageStates.Select((end, row) => states[row].narrow(0, end - tokens, tokens))]);
        return (image.to(float32), teacher.Forward(data.Canonical));
    }

    private void Load(nn.Module network, string file)
    {
        using var weights = SafetensorsFile.Open(Path.Combine(folder, file));
        StateDict.Load(network, weights);
    }

    // Batches are all with a subject or all without, in the proportion in which examples come.
    private sealed class Waiting(EditRenderer renderer, EditPrompt prompt, EditVocabulary vocabulary, long padding)
    {
        private readonly List<EditSample> single = [], multiple = [];
        private long next;

        public UnderstandingBatch Make(long number)
        {
            while (true)
            {
                var sample = renderer.Render(next++);
                var list = sample.Subject is null ? single : multiple;
                list.Add(sample);
                if (list.Count < Batch)
                    continue;
                var batch = new UnderstandingBatch([.. list], prompt, vocabulary, padding);
                list.Clear();
                return batch;
            }
        }
    }
}
