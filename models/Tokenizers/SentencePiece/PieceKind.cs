namespace FlexEdit.Models.Tokenizers.SentencePiece;

/// <summary>What a piece of a SentencePiece model is for (google/sentencepiece, <c>sentencepiece_model.proto</c>).</summary>
internal enum PieceKind
{
    /// <summary>Text.</summary>
    Normal = 1,
    /// <summary>Stands for what cannot be written.</summary>
    Unknown = 2,
    /// <summary>Never found in text.</summary>
    Control = 3,
    /// <summary>Found in text before anything else.</summary>
    UserDefined = 4,
    /// <summary>Only a step on the way to longer pieces.</summary>
    Unused = 5,
    /// <summary>One byte.</summary>
    Byte = 6,
}
