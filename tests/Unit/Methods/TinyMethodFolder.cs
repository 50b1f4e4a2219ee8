using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Methods;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Unit.Checkpoints;
using Shouldly;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Methods;

/// <summary>An InstructPix2Pix model in diffusers' folders with random weights: the real classes at a small size.</summary>
internal sealed class TinyMethodFolder : IDisposable
{
    public const int Side = 16;

    private readonly CheckpointFolder _folder = new();

    public TinyMethodFolder(string method = "instruct-pix2pix", string scheduler = "EulerAncestralDiscreteScheduler", Action<TinyMethodFolder>? add = null)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var text = new ClipTextConfig { VocabSize = 8, HiddenSize = 8, IntermediateSize = 16, NumHiddenLayers = 1, NumAttentionHeads = 2, MaxPositionEmbeddings = 6, ProjectionDim = 8, EosTokenId = 5 };
        var vae = new AutoencoderKLConfig
        {
            BlockOutChannels = [4, 8],
            DownBlockTypes = ["DownEncoderBlock2D", "DownEncoderBlock2D"],
            UpBlockTypes = ["UpDecoderBlock2D", "UpDecoderBlock2D"],
            NormNumGroups = 2,
        };
        var unet = new UNet2DConditionConfig
        {
            InChannels = 8,
            OutChannels = 4,
            BlockOutChannels = [8, 8],
            DownBlockTypes = ["CrossAttnDownBlock2D", "DownBlock2D"],
            UpBlockTypes = ["UpBlock2D", "CrossAttnUpBlock2D"],
            LayersPerBlock = [1],
            CrossAttentionDim = [8],
            AttentionHeadDim = [2],
            NormNumGroups = 4,
        };
        Save("unet", "diffusion_pytorch_model", new UNet2DConditionModel(unet), unet.Format());
        Save("vae", "diffusion_pytorch_model", new AutoencoderKL(vae), PublishedConfig.Format(vae));
        Save("text_encoder", "model", new ClipTextModel(text), PublishedConfig.Format(text));
        Write("tokenizer/vocab.json", """{"!":0,"a":1,"b</w>":2,"ab</w>":3,"<|startoftext|>":4,"<|endoftext|>":5,"a</w>":6,"b":7}""");
        Write("tokenizer/merges.txt", "#version: 0.2\na b</w>\n");
        Write("scheduler/scheduler_config.json", $$"""{"_class_name":"{{scheduler}}","beta_start":0.00085,"beta_end":0.012,"beta_schedule":"scaled_linear"}""");
        Write("card.json", $$$"""{"id":"tiny","method":"{{{method}}}","resolution":{{{Side}}},"digests":{}}""");
        add?.Invoke(this);
        ModelVerification.Record(Path);
    }

    public string Path => _folder.Path;

    public string At(string name) => _folder.At(name);

    public void Dispose() => _folder.Dispose();

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    /// <summary>Writes a file of weights anew with some tensors changed; null takes one out.</summary>
    public void Change(string name, Func<string, Tensor, Tensor?> change)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (var file = SafetensorsFile.Open(At(name)))
            tensors = file.Tensors.Keys.Select(n => (Name: n, Value: change(n, file.Read(n)))).Where(t => t.Value is not null).ToDictionary(t => t.Name, t => t.Value!);
        SafetensorsWriter.Write(At(name), tensors);
    }

    public static GenerationRequest Request(Models.Editing.Understanding understood, uint seed = 5, int steps = 3) => new()
    {
        Scene = [.. Enumerable.Range(0, Side * Side * 3).Select(i => (byte)(i * 7 % 251))],
        Mask = [.. Enumerable.Range(0, Side * Side).Select(i => (byte)(i / Side is > 4 and < 10 && i % Side is > 4 and < 10 ? 255 : 0))],
        Embedding = understood.Embedding,
        EmbeddingShape = understood.EmbeddingShape,
        Seed = seed,
        Steps = steps,
        GuidanceScale = 7.5,
        ImageGuidanceScale = 1.5,
        SubjectScale = 0,
    };

    public static UnderstandingRequest Instruction(string text) => new() { Scene = new byte[Side * Side * 3], Mask = new byte[Side * Side], Instruction = text };

    /// <summary>Writes the tensors of a network, or of several, under names of one's own.</summary>
    public void Save(string name, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        SafetensorsWriter.Write(At(name), tensors.ToDictionary());
    }

    /// <summary>Paints requests together, with a preview at the beginning and the end.</summary>
    public static List<GeneratedCrop> Paint(IEditModel model, params GenerationRequest[] requests)
    {
        var edits = requests.Select(model.Begin).ToList();
        model.Preview(edits[0]).Length.ShouldBe(Side * Side * 3);
        while (edits[0].Step < edits[0].Steps)
            model.Step(edits);
        model.Preview(edits[0]).Length.ShouldBe(Side * Side * 3);
        var crops = edits.Select(model.Finish).ToList();
        edits.ForEach(e => e.Dispose());
        return crops;
    }

    private void Save(string part, string stem, nn.Module network, string config)
    {
        Directory.CreateDirectory(At(part));
        StateDict.Save(network, At($"{part}/{stem}.safetensors"));
        Write($"{part}/config.json", config);
        network.Dispose();
    }
}
