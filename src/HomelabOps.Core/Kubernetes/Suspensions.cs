using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes;

/// <summary>Who took something out of service, why and until when, as annotations of its object, whatever its kind is.</summary>
internal static class Suspensions
{
    private const string Prefix = "homelabops.github.io/";
    private const string By = Prefix + "suspended-by";
    private const string Reason = Prefix + "suspend-reason";
    private const string Since = Prefix + "suspended-at";
    private const string Until = Prefix + "suspended-until";
    private const string Operation = Prefix + "suspended-for";

    // What the Flux Operator writes when its web page suspends an object.
    private const string OperatorBy = "fluxcd.controlplane.io/suspendedBy";

    /// <summary>The annotations that others write as well, and that go with a suspension.</summary>
    public static IReadOnlyList<string> OfOthers { get; } = [OperatorBy];

    /// <summary>A suspension by this user, from now on.</summary>
    /// <param name="reason">Why; null for nothing said.</param>
    /// <param name="duration">For how long; null for no end.</param>
    /// <exception cref="HomelabException">SuspensionEndInvalid.</exception>
    public static FluxSuspension FromNow(string? reason, TimeSpan? duration)
    {
        var now = DateTime.Now;
        if (duration is { } time && (time <= TimeSpan.Zero || time > DateTime.MaxValue - now))
        {
            throw Errors.SuspensionEndInvalid(time);
        }

        return new() { By = $"{Environment.UserName}@{Environment.MachineName}", Reason = reason, Since = now, Until = now + duration };
    }

    /// <summary>What is written down; all of it null where nothing is.</summary>
    public static FluxSuspension Read(MetadataWire metadata) => new()
    {
        By = Value(metadata, By) ?? Value(metadata, OperatorBy),
        Reason = Value(metadata, Reason),
        Since = Time(Value(metadata, Since)),
        Until = Time(Value(metadata, Until)),
        Operation = Value(metadata, Operation),
    };

    /// <summary>What a suspension is after it was asked for once more: what is given counts, and all else stays, since when above all.</summary>
    /// <param name="former">What was written down; null for an object that is not suspended.</param>
    /// <param name="given">What is asked for now.</param>
    public static FluxSuspension Over(FluxSuspension? former, FluxSuspension given) => former is null
        ? given
        : former with { By = given.By, Reason = given.Reason ?? former.Reason, Until = given.Until ?? former.Until };

    /// <summary>Whether it is meant: somebody says why, or until when, and that has not passed.</summary>
    public static bool IsDeliberate(FluxSuspension suspension) => suspension is { IsOverdue: false, Since: not null } and ({ Reason: not null } or { Until: not null });

    /// <summary>The annotations of a suspension; all of them null to forget it.</summary>
    public static JsonObject Annotations(FluxSuspension? suspension) => new()
    {
        [By] = suspension?.By,
        [Reason] = suspension?.Reason,
        [Since] = Text(suspension?.Since),
        [Until] = Text(suspension?.Until),
        [Operation] = suspension?.Operation,
    };

    private static string? Value(MetadataWire metadata, string key) => metadata.Annotations?.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    private static string? Text(DateTime? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTime? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? WireMapping.Local(time) : null;
}
