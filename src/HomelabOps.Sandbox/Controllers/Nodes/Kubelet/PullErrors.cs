using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What containerd says of an image that it does not get.</summary>
internal static class PullErrors
{
    public static string Text(ImageFault fault, ImageReference image)
    {
        var resolve = $"failed to pull and unpack image \"{image.Full}\": failed to resolve reference \"{image.Full}\": ";
        return fault switch
        {
            ImageFault.NotFound => $"rpc error: code = NotFound desc = {resolve}{image.Full}: not found",
            ImageFault.Unauthorized => image.Host == "docker.io"
                ? $"{resolve}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
                : $"{resolve}failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://{image.Host}/token?scope={Uri.EscapeDataString($"repository:{image.Path}:pull")}&service={image.Host}: 401 Unauthorized",
            ImageFault.RateLimited => $"failed to pull and unpack image \"{image.Full}\": failed to copy: httpReadSeeker: failed open: unexpected status from GET request to {image.ManifestUrl}: 429 Too Many Requests: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
            _ => $"{resolve}failed to do request: Head \"{image.ManifestUrl}\": dial tcp: lookup {new Uri(image.ManifestUrl).Host}: i/o timeout",
        };
    }
}
