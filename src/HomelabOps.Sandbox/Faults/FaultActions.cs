using System.Globalization;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Faults;

/// <summary>Does to a request what a fault is.</summary>
internal static class FaultActions
{
    /// <summary>True when the request has been answered, or broken.</summary>
    public static async Task<bool> RunAsync(ApiCall call, WireFault fault, string verb, string resource, string? @namespace, string? name)
    {
        switch (fault.Kind)
        {
            case WireFaultKind.Unauthorized:
                throw ApiErrors.Unauthorized();
            case WireFaultKind.Forbidden:
                var dot = resource.IndexOf('.', StringComparison.Ordinal);
                throw ApiErrors.Forbidden(call.User.Name, verb, dot < 0 ? resource : resource[..dot], dot < 0 ? "" : resource[(dot + 1)..], @namespace, name);
            case WireFaultKind.TooManyRequests:
                throw ApiErrors.TooManyRequests("the server has received too many requests and has asked us to try again later", fault.RetryAfterSeconds);
            case WireFaultKind.InternalError:
                throw ApiErrors.Internal("etcdserver: request timed out");
            case WireFaultKind.Unavailable:
                throw ApiErrors.Unavailable("the server is currently unable to handle the request");
            case WireFaultKind.Gone:
                if (verb != "watch")
                {
                    throw ApiErrors.ListExpired();
                }

                await EndWatchAsync(call, TooOld(call));
                return true;
            case WireFaultKind.ConnectionReset:
                call.Exchange.Reset();
                return true;
            case WireFaultKind.WatchCut:
                if (verb != "watch")
                {
                    return false;
                }

                await EndWatchAsync(call, []);
                return true;
            case WireFaultKind.Slow:
                await Task.Delay(fault.Delay, call.Stopping);
                return false;
            default:
                await StallAsync(call, fault.Delay);
                return true;
        }
    }

    private static async Task EndWatchAsync(ApiCall call, byte[] last)
    {
        await using var output = call.Response.BeginStream("application/json");
        await output.WriteAsync(last);
        await output.FlushAsync();
    }

    // A watch that has begun is answered with 200, and told by its last event.
    private static byte[] TooOld(ApiCall call)
    {
        var asked = long.TryParse(call.Query["resourceVersion"], CultureInfo.InvariantCulture, out var version) ? version : 0;
        return WatchFrame.Encode("ERROR", ObjectJson.ToBytes(ApiErrors.WatchTooOld(asked, asked + 1).ToStatus()));
    }

    private static async Task StallAsync(ApiCall call, TimeSpan delay)
    {
        var output = call.Response.BeginStream("application/json");
        await output.WriteAsync("{\"kind\":"u8.ToArray());
        await output.FlushAsync();
        await Task.Delay(delay, call.Stopping);
        call.Exchange.Reset();
    }
}
