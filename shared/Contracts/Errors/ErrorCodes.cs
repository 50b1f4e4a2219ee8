namespace FlexEdit.Contracts.Errors;

/// <summary>Stable, machine-readable error codes of the public API. Codes are only ever added.</summary>
public static class ErrorCodes
{
    public const string Malformed = "malformed";
    public const string Unauthorized = "unauthorized";
    /// <summary>The key's check characters do not fit: it is mistyped.</summary>
    public const string KeyMalformed = "key_malformed";
    /// <summary>The key was revoked or never was one.</summary>
    public const string KeyUnknown = "key_unknown";
    /// <summary>The key is not for this.</summary>
    public const string ScopeMissing = "scope_missing";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string Conflict = "conflict";
    /// <summary>The Idempotency-Key was sent with another request before.</summary>
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    /// <summary>A request with the same Idempotency-Key is just being taken in.</summary>
    public const string IdempotencyKeyInUse = "idempotency_key_in_use";
    public const string PayloadTooLarge = "payload_too_large";
    public const string ImageTooLarge = "image_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string UnsupportedImage = "unsupported_image";
    public const string InvalidImage = "invalid_image";
    public const string AnimatedImage = "animated_image";
    public const string SceneRequired = "scene_required";
    public const string MaskRequired = "mask_required";
    public const string MaskSizeMismatch = "mask_size_mismatch";
    public const string MaskEmpty = "mask_empty";
    public const string MaskInvalid = "mask_invalid";
    public const string InstructionRequired = "instruction_required";
    public const string InstructionTooLong = "instruction_too_long";
    public const string InstructionInvalid = "instruction_invalid";
    /// <summary>A corrected label that is no label.</summary>
    public const string LabelInvalid = "label_invalid";
    /// <summary>A field names an asset that there is not, or that is another tenant's.</summary>
    public const string UnknownAsset = "unknown_asset";
    /// <summary>A picture's URL is not one that is fetched.</summary>
    public const string InvalidUrl = "invalid_url";
    /// <summary>A picture could not be fetched from its URL.</summary>
    public const string UrlFetchFailed = "url_fetch_failed";
    public const string UnknownModel = "unknown_model";
    /// <summary>An edit cannot be run again: its model is another one now.</summary>
    public const string ModelChanged = "model_changed";
    public const string OptionOutOfRange = "option_out_of_range";
    public const string UnknownField = "unknown_field";
    /// <summary>A batch without a line.</summary>
    public const string BatchEmpty = "batch_empty";
    /// <summary>A webhook's URL or filter cannot be taken.</summary>
    public const string WebhookInvalid = "webhook_invalid";
    /// <summary>The tenant has as many endpoints as it may have.</summary>
    public const string WebhookLimit = "webhook_limit";
    public const string TooManyRequests = "too_many_requests";
    /// <summary>The tenant has as many edits under way as it may have.</summary>
    public const string TooManyEdits = "too_many_edits";
    /// <summary>The edit's retention has ended.</summary>
    public const string DataRemoved = "data_removed";
    public const string Internal = "internal_error";
    /// <summary>The job cannot be made durable now.</summary>
    public const string Unavailable = "unavailable";

    // Of a job that failed.
    public const string ModelError = "model_error";
    public const string OutOfMemory = "out_of_memory";
    public const string DeadlineExceeded = "deadline_exceeded";
    public const string WorkerLost = "worker_lost";
    public const string InputUnreadable = "input_unreadable";
    /// <summary>The operator's classifier does not let the scene or the subject pass.</summary>
    public const string InputRejected = "input_rejected";
    /// <summary>The operator's classifier does not let a result pass.</summary>
    public const string OutputRejected = "output_rejected";
}
