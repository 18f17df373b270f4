namespace Appliance.Problems;

/// <summary>Why a request was not carried out, independent of the dialect in which the caller is told.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable word for programs; part of the API.</param>
/// <param name="Detail">One or two sentences for a person. Never what the caller sent.</param>
/// <param name="Advice">What to do about it; null when there is nothing to add.</param>
internal sealed record Refusal(int Status, string Code, string Detail, string? Advice = null)
{
    public static Refusal ForeignHost { get; } = new(
        StatusCodes.Status421MisdirectedRequest,
        "foreign_host",
        "This appliance does not answer to that name. Open it by its address, or add the name to ALLOWED_HOSTS.");

    public static Refusal ForeignOrigin { get; } = new(
        StatusCodes.Status403Forbidden,
        "foreign_origin",
        "This request comes from a page of another site, so it was not carried out.",
        "Open the appliance's own page and try again there.");

    public static Refusal WrongType { get; } = new(
        StatusCodes.Status415UnsupportedMediaType,
        "unsupported_media_type",
        "The body of this request has to be JSON.",
        "Send the header Content-Type: application/json.");

    public static Refusal TooLarge { get; } = new(
        StatusCodes.Status413PayloadTooLarge,
        "too_large",
        "The body of this request is larger than what is accepted here.");

    public static Refusal TargetTooLong { get; } = new(
        StatusCodes.Status414UriTooLong,
        "target_too_long",
        "The address of this request, with what is asked in it, is longer than 8 KiB.");

    public static Refusal HeadersTooLarge { get; } = new(
        StatusCodes.Status431RequestHeaderFieldsTooLarge,
        "headers_too_large",
        "This request has more than 100 headers, or more than 32 KiB of them.",
        "In a browser: delete the cookies of this address. It also sends those of other programs on the same machine.");

    public static Refusal TooSlow { get; } = new(
        StatusCodes.Status408RequestTimeout,
        "too_slow",
        "The request arrived too slowly, so the appliance stopped waiting for the rest.");

    public static Refusal BadJson { get; } = new(
        StatusCodes.Status400BadRequest,
        "bad_json",
        "The body of this request is not the JSON that is expected here.",
        "The page /docs lists every field and its type.");

    public static Refusal BadRequest { get; } = new(
        StatusCodes.Status400BadRequest,
        "bad_request",
        "The appliance could not understand this request.",
        "The page /docs lists every call and its fields.");

    public static Refusal NotFound { get; } = new(
        StatusCodes.Status404NotFound,
        "not_found",
        "There is nothing at this address.",
        "The page /docs lists every call.");

    public static Refusal WrongMethod { get; } = new(
        StatusCodes.Status405MethodNotAllowed,
        "method_not_allowed",
        "This address exists, but not for this kind of request.",
        "The header Allow and the page /docs say which ones there are.");

    public static Refusal Broken { get; } = new(
        StatusCodes.Status500InternalServerError,
        "internal_error",
        "Something went wrong inside the appliance. Nothing more was done for this request.",
        "The log tells more under this request's id.");

    /// <summary>What has to outlive a restart and cannot be written down is not begun.</summary>
    public static Refusal NotStored { get; } = new(
        StatusCodes.Status507InsufficientStorage,
        "not_stored",
        "The appliance could not write this down in its own data, so it was not done. Is the disk full or the folder read-only?",
        "Make room on that disk, or mend it, and ask again. GET /readyz says when it is well.");

    /// <summary>The words for a status that some part of the framework answered without any.</summary>
    public static Refusal OfStatus(int status) => status switch
    {
        StatusCodes.Status403Forbidden => ForeignOrigin with { Code = "forbidden", Detail = "This is not allowed.", Advice = null },
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => WrongMethod,
        StatusCodes.Status408RequestTimeout => TooSlow,
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        StatusCodes.Status414UriTooLong => TargetTooLong,
        StatusCodes.Status415UnsupportedMediaType => WrongType,
        StatusCodes.Status431RequestHeaderFieldsTooLarge => HeadersTooLarge,
        >= StatusCodes.Status500InternalServerError => Broken with { Status = status },
        _ => BadRequest with { Status = status },
    };
}
