using HomelabOps.Core.Diagnosis.Pods;

namespace HomelabOps.Core.Tests.Diagnosis.Pods;

/// <summary>The words of containerd and of registries.</summary>
public sealed class ImageTroubleTests
{
    [Theory]
    [InlineData("ImageNotFound", "ErrImagePull", """rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/x:9": failed to resolve reference "docker.io/library/x:9": docker.io/library/x:9: not found""")]
    [InlineData("ImageUnauthorized", "ImagePullBackOff", """Back-off pulling image "x": ErrImagePull: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed""")]
    [InlineData("ImageUnauthorized", "ErrImagePull", """failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token: 403 Forbidden""")]
    [InlineData("ImageRateLimited", "ErrImagePull", """unexpected status code 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.""")]
    [InlineData("ImageArchitecture", "ErrImagePull", """failed to unpack image: no match for platform in manifest: not found""")]
    [InlineData("ImageRegistryUnreachable", "ErrImagePull", """failed to do request: Head "https://r.example/v2/": dial tcp: lookup r.example: no such host""")]
    [InlineData("ImageRegistryUnreachable", "ErrImagePull", """failed to do request: Head "https://r.example/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority""")]
    [InlineData("ImageNameInvalid", "InvalidImageName", "couldn't parse image name \"X:y\"")]
    [InlineData("ImageNotPresent", "ErrImageNeverPull", "Container image \"x\" is not present with pull policy of Never")]
    [InlineData("ImagePullFailed", "ErrImagePull", "something that nobody has seen")]
    public void The_reason_is_in_the_words(string reason, string waiting, string words) => Assert.Equal(reason, ImageTrouble.Reason(waiting, words));

    [Theory]
    [InlineData("ErrImagePull", true)]
    [InlineData("ImagePullBackOff", true)]
    [InlineData("CrashLoopBackOff", false)]
    [InlineData(null, false)]
    public void Only_some_wait_for_an_image(string? waiting, bool waits) => Assert.Equal(waits, ImageTrouble.IsWaiting(waiting));
}
