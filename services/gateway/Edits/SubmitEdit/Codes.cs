namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>Error codes that only this part of the API has.</summary>
internal static class Codes
{
    /// <summary>A part of the public contract that this version of the server does not have.</summary>
    public const string NotOffered = "not_offered";
}
