using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Api;

/// <summary>Which part of a log a client asks for.</summary>
internal static class LogOptions
{
    /// <exception cref="ApiException">It makes no sense.</exception>
    public static LogRequest Read(RequestQuery query, JsonObject pod, string container, DateTimeOffset now)
    {
        var (tail, bytes, seconds) = (query.Number("tailLines"), query.Number("limitBytes"), query.Number("sinceSeconds"));
        var errors = new List<FieldError>();
        if (tail < 0)
        {
            errors.Add(FieldError.Invalid("tailLines", tail, "must be greater than or equal to 0"));
        }

        if (bytes < 1)
        {
            errors.Add(FieldError.Invalid("limitBytes", bytes, "must be greater than 0"));
        }

        if (query["sinceTime"] is not null && seconds is not null)
        {
            errors.Add(FieldError.Forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        }
        else if (seconds < 1)
        {
            errors.Add(FieldError.Invalid("sinceSeconds", seconds, "must be greater than 0"));
        }

        return errors.Count > 0
            ? throw ApiErrors.Invalid("", "PodLogOptions", Cells.Text(pod, "metadata.name"), errors)
            : new(container, query.Flag("follow"), query.Flag("previous"), query.Flag("timestamps"), tail, bytes, seconds is { } ago ? now.AddSeconds(-ago) : Time(query["sinceTime"]));
    }

    private static DateTimeOffset? Time(string? text) => text is null ? null
        : Timestamps.Parse(text) ?? throw ApiErrors.BadRequest($"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"");
}
