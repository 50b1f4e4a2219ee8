using FlexEdit.Models.Clip;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Models.QFormer;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Training.Editor;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Understanding;

/// <summary>Sizes and words of flexedit-tiny's reading half.</summary>
public static class TinyUnderstanding
{
    private const int ImageTokens = 8;
    private const int Width = 256;

    /// <summary>The words of the world's language.</summary>
    public static WordVocabulary Words(WorldCatalog catalog)
    {
        var builder = new WordVocabularyBuilder().Add(EditPrompt.BeforeLabel).Add(EditPrompt.AfterLabel).Add("[pic1] [pic2] USER: ASSISTANT: object an");
        foreach (var sentence in EditSentences.All)
            builder.Add(sentence);
        foreach (var word in catalog.Vocabulary.Names.Concat(catalog.Vocabulary.Colours))
            builder.Add(word);
        return builder.Build(ImageTokens);
    }

    /// <summary>The sizes.</summary>
    public static UnderstandingConfig Config(ITextTokenizer tokenizer) => new()
    {
        Resolution = TinyEditor.Side,
        ImageTokens = ImageTokens,
        EmbeddingTokens = EditTeacher.Tokens,
        Llava = new LlavaConfig
        {
            VisionConfig = new ClipVisionConfig { HiddenSize = Width, IntermediateSize = 704, NumHiddenLayers = 6, NumAttentionHeads = 4, ImageSize = TinyEditor.Side, PatchSize = 16, HiddenAct = "gelu", StemChannels = [32, 64, 128, 192] },
            TextConfig = new LlamaConfig
            {
                VocabSize = tokenizer.VocabularySize,
                HiddenSize = Width,
                IntermediateSize = 640,
                NumHiddenLayers = 5,
                NumAttentionHeads = 4,
                MaxPositionEmbeddings = 512,
                TieWordEmbeddings = true,
            },
            ImageTokenIndex = tokenizer.Controls[ControlTokens.Picture],
            VisionFeatureLayer = -1,
        },
        Qformer = new QFormerConfig
        {
            HiddenSize = Width,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            IntermediateSize = 1024,
            EncoderHiddenSize = Width,
            CrossAttentionFrequency = 1,
            HiddenDropoutProb = 0,
            AttentionProbsDropoutProb = 0,
        },
    };
}
