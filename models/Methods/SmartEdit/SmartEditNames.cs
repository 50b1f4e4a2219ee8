using FlexEdit.Models.Clip;
using FlexEdit.Models.Llava;
using FlexEdit.Models.QFormer;

namespace FlexEdit.Models.Methods.SmartEdit;

/// <summary>
/// From the names in SmartEdit's published files to the networks'. A null result is a tensor that belongs to another network or to none; what is not known keeps its name
/// and is reported with the rest.
/// </summary>
internal static class SmartEditNames
{
    private const string LanguageModel = "model.base_model.model.", Queries = "sd_query_tokens", QFormer = "sd_qformer.", UnetPrefix = "unet.";

    /// <summary><c>LLM-15000</c>: LLaMA without its output projection.</summary>
    public static string? OfLanguageModel(string name) =>
        name.StartsWith(LanguageModel, StringComparison.Ordinal) ? LlavaNames.InNetwork("model." + name[LanguageModel.Length..]) : name;

    /// <summary><c>embeddings_qformer</c>, as far as it belongs to LLaVA: output projection and projector.</summary>
    public static string? OfProjections(string name) => name switch
    {
        _ when name == Queries || name.StartsWith(QFormer, StringComparison.Ordinal) => null,
        _ when name.StartsWith("mm_projector.", StringComparison.Ordinal) => LlavaNames.InNetwork("model." + name),
        _ when name.StartsWith("lm_head.", StringComparison.Ordinal) => LlavaNames.InNetwork(name),
        _ => name,
    };

    /// <summary><c>embeddings_qformer</c>, as far as it belongs to the Q-Former.</summary>
    public static string? OfQFormer(string name) =>
        name == Queries ? "query_tokens"
        : name.StartsWith(QFormer, StringComparison.Ordinal) && QFormerModel.NameInNetwork(name[QFormer.Length..]) is { } inner ? "qformer." + inner
        : null;

    /// <summary>CLIP's image encoder as a part of LLaVA.</summary>
    public static string? OfVisionInLlava(string name) => ClipNames.OfVision(name) is { } own ? "vision_tower." + own : null;

    /// <summary><c>unet-15000</c>.</summary>
    public static string OfUnet(string name) => name.StartsWith(UnetPrefix, StringComparison.Ordinal) ? name[UnetPrefix.Length..] : name;
}
