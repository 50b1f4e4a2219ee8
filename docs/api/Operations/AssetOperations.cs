using FlexEdit.ApiDocument.Schemas;
using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Errors;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>Uploaded pictures.</summary>
internal static class AssetOperations
{
    private static readonly Parameter s_id = new("id", "path", "Id of the asset.", """{"type":"string"}""", "ast_06b3x4f0yz8n7k2m5q9r1s3t5v");
    private static readonly Content s_asset = new("application/json", schemas => schemas.Of<AssetView>());
    private static readonly (string, string) s_location = ("Location", "Path of the asset.");

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/v1/assets", "uploadAsset", "assets", "Upload a picture")
        {
            Description =
                "Upload once, use in many edits: the id stands for the picture as `scene`, `mask` or `subject`. The same bytes again are the same asset. "
                + "An asset is kept until `expires_at`, which every edit that uses it moves ahead.",
            Body =
            [
                new("multipart/form-data", OtherSchemas.UploadForm), new("application/json", OtherSchemas.UploadJson), new("image/png"), new("image/jpeg"), new("image/webp"),
            ],
            Answers =
            [
                new(200, "There was an asset with these bytes; it is kept longer.") { Body = [s_asset], Headers = [s_location] },
                new(201, "The new asset.") { Body = [s_asset], Headers = [s_location] },
            ],
            Errors =
            [
                (413, ErrorCodes.ImageTooLarge), (415, ErrorCodes.UnsupportedImage), (422, ErrorCodes.InvalidImage), (422, ErrorCodes.AnimatedImage), (422, ErrorCodes.UnknownField),
            ],
        },
        new("GET", "/v1/assets", "listAssets", "assets", "List assets")
        {
            Description = "Newest first, in pages. What edits were sent is among them; without `expires_at` it goes with the last edit that uses it.",
            Parameters =
            [
                new("after", "query", "The `next` of an earlier page.", """{"type":"string"}""", "ast_06b3x4f0yz8n7k2m5q9r1s3t5v"),
                new("limit", "query", "Most assets of a page.", """{"type":"integer","minimum":1,"maximum":100,"default":20}""", 20),
            ],
            Answers = [new(200, "A page.") { Body = [new("application/json", OtherSchemas.AssetList)] }],
        },
        new("GET", "/v1/assets/{id}", "getAsset", "assets", "Read an asset")
        {
            Description = "What is known of the picture.",
            Parameters = [s_id],
            Answers = [new(200, "The asset.") { Body = [s_asset] }],
            Errors = [(404, ErrorCodes.NotFound)],
        },
        new("DELETE", "/v1/assets/{id}", "deleteAsset", "assets", "Remove an asset")
        {
            Description = "The asset is gone at once, and no new edit can use it. Its bytes go with it, or, where edits use them, with the last of those.",
            Parameters = [s_id],
            Answers = [new(204, "It is removed.")],
            Errors = [(404, ErrorCodes.NotFound)],
        },
    ];
}
