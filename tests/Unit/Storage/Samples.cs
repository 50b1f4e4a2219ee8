using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>Requests and results with known values.</summary>
internal static class Samples
{
    public static EditOptions Options(string? pauseAfter = null) => new()
    {
        N = 1,
        Seed = 7,
        Steps = 20,
        GuidanceScale = 7.5,
        ImageGuidanceScale = 1.5,
        SubjectScale = 0,
        Background = "preserve",
        OutputFormat = "png",
        Profile = "exact",
        PauseAfter = pauseAfter,
    };

    public static InputPicture Picture(string name) => new()
    {
        Asset = $"ast_{name}",
        OriginalKey = ObjectKeys.Upload(StorageUnderTest.Tenant, $"{name}-upload"),
        UprightKey = ObjectKeys.Upright(StorageUnderTest.Tenant, $"{name}-upright"),
        Sha256 = $"{name}-upload",
        Width = 800,
        Height = 600,
        Report = ["rotated by EXIF orientation 6"],
    };

    public static SubmitEdit Submit(string editId, string scene = "scene", string? pauseAfter = null) => new()
    {
        EditId = editId,
        Tenant = StorageUnderTest.Tenant,
        Model = "flexedit-tiny",
        Instruction = "Make the chair red.",
        Options = Options(pauseAfter),
        Inputs = new EditInputs { Scene = Picture(scene), Mask = Picture("mask") with { OriginalKey = null, Report = [] } },
        Metadata = new Dictionary<string, string> { ["Order-Id"] = "17" },
    };

    public static UnderstandingResult Understood { get; } = new()
    {
        Answer = "The masks mean \"chair\".",
        Label = "chair",
        Confidence = 0.93,
        Ambiguous = false,
        Candidates = [new LabelCandidate { Label = "chair", Confidence = 0.93 }, new LabelCandidate { Label = "stool", Confidence = 0.04 }],
        EmbeddingKey = "tenants/acme/edits/e/understanding-1/embedding.safetensors",
        FullMaskKey = "tenants/acme/edits/e/understanding-1/full-mask.png",
    };

    public static EditOutput Output(string editId) => new()
    {
        Index = 0,
        Key = $"{ObjectKeys.Edit(StorageUnderTest.Tenant, editId)}/generating-2/0.png",
        ContentType = "image/png",
        Width = 800,
        Height = 600,
        Seed = 7,
        Sha256 = "f00d",
        Preservation = new Preservation
        {
            Region = [120, 80, 260, 300],
            ChangedPixels = 31744,
            ChangedOutside = 0,
            EditedMaskKey = $"{ObjectKeys.Edit(StorageUnderTest.Tenant, editId)}/generating-2/0-edited-mask.png",
            OutsideSha256Before = "aa",
            OutsideSha256After = "aa",
            Lossless = true,
        },
    };
}
