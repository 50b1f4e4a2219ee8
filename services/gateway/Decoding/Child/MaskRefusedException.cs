namespace FlexEdit.Gateway.Decoding.Child;

/// <summary>A mask cannot be read; the field at fault need not be the one that was asked for first.</summary>
internal sealed class MaskRefusedException(string code, string detail, string field) : Exception(detail)
{
    /// <summary>A code of <see cref="Contracts.Errors.ErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>The field at fault, or a part of it.</summary>
    public string Field { get; } = field;
}
