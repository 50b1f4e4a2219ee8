using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Models;

namespace FlexEdit.Tests.Unit.Gateway.Running;

internal static class Cards
{
    public const string Model = "flexedit-tiny";

    public static ModelCard Card { get; } = new()
    {
        Id = Model,
        Method = "flexedit",
        Description = "For tests.",
        Resolution = 128,
        CropFactor = 2,
        Licence = "Apache-2.0",
        Sampler = new SamplerCard { Scheduler = "flow_match_euler", PredictionType = "sample" },
        Defaults = new OptionDefaults { Steps = 8, GuidanceScale = 2, ImageGuidanceScale = 1.5, SubjectScale = 1 },
        Ranges = new Dictionary<string, IReadOnlyList<double>>
        {
            ["steps"] = [1, 50],
            ["guidance_scale"] = [0, 20],
            ["image_guidance_scale"] = [0, 10],
            ["subject_scale"] = [0, 2],
        },
        InstructionTokens = 77,
        MaskChannel = true,
        ReadsLabels = true,
        Digests = new Dictionary<string, string>(),
    };

    /// <summary>Makes a folder of models with one card.</summary>
    public static string WriteTo(string folder)
    {
        var model = Directory.CreateDirectory(Path.Combine(folder, Model)).FullName;
        File.WriteAllText(Path.Combine(model, "card.json"), JsonSerializer.Serialize(Card, ContractJson.Options));
        return folder;
    }
}
