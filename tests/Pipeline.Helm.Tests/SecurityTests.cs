using System.Text.RegularExpressions;
using k8s.Models;

namespace Pipeline.Helm.Tests;

/// <summary>Pods as the restricted Pod Security Standard wants them, and a little stricter.</summary>
public sealed partial class SecurityTests(HelmChart chart)
{
    public static TheoryData<string> Values => SampleValues.All;

    [Theory, MemberData(nameof(Values))]
    public void Every_pod_is_restricted(string values)
    {
        Assert.All(chart.Render(values).Pods, pod =>
        {
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
            Assert.True(pod.Spec.SecurityContext.RunAsUser > 0);
            Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
            Assert.False(pod.Spec.AutomountServiceAccountToken);
            Assert.False(pod.Spec.EnableServiceLinks);
            Assert.True(pod.Spec.HostNetwork is null or false);
            Assert.DoesNotContain(pod.Spec.Volumes, volume => volume.HostPath is not null);
        });
    }

    [Theory, MemberData(nameof(Values))]
    public void Every_container_has_a_read_only_root_no_capability_and_a_memory_limit(string values)
    {
        Assert.All(chart.Render(values).Containers, container =>
        {
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Null(container.SecurityContext.Capabilities.Add);
            Assert.True(container.Resources.Limits.ContainsKey("memory"));
            Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp");
            Assert.All(container.VolumeMounts.Where(mount => mount.MountPath != "/tmp" && container.Name != "model"), mount => Assert.True(mount.ReadOnlyProperty));
        });
    }

    [Theory, MemberData(nameof(Values))]
    public void No_secret_is_the_value_of_a_variable(string values)
    {
        var manifests = chart.Render(values);
        var variables = manifests.Containers.SelectMany(container => container.Env).ToList();

        Assert.All(variables.Where(variable => SecretName().IsMatch(variable.Name)), variable => Assert.NotNull(variable.ValueFrom?.SecretKeyRef));
        Assert.DoesNotContain(variables, variable => variable.Value?.Contains("assword", StringComparison.Ordinal) ?? false);
        Assert.Empty(manifests.All<V1Secret>());
    }

    [Theory]
    [InlineData("api: { env: [{ name: PIPELINE_S3__SECRETKEY, value: hunter2 }] }")]
    [InlineData("worker: { env: [{ name: PIPELINE_CONNECTIONSTRINGS__HANGFIRE, value: Host=a }] }")]
    [InlineData("worker: { env: [{ name: PGPASSWORD, value: hunter2 }] }")]
    public void A_secret_among_the_values_is_refused(string values) =>
        Assert.Contains("env.0", Assert.Throws<InvalidOperationException>(() => chart.Render($"{SampleValues.Least}\n{values}")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_network_is_closed_but_for_what_is_needed()
    {
        var manifests = chart.Render(SampleValues.S3Model);

        Assert.All(new[] { manifests.Get<V1NetworkPolicy>("api"), manifests.Get<V1NetworkPolicy>("worker") }, policy =>
        {
            Assert.Equal(["Ingress", "Egress"], policy.Spec.PolicyTypes);
            var outside = policy.Spec.Egress.Single(rule => rule.To is not null);
            Assert.Equal(["5432", "443", "8080"], outside.Ports.Select(port => port.Port.Value));
            Assert.Contains(outside.To, peer => peer.IpBlock is { Cidr: "0.0.0.0/0" } block && block.Except.Contains("169.254.0.0/16"));
        });
        Assert.NotNull(Assert.Single(manifests.Get<V1NetworkPolicy>("api").Spec.Ingress).FromProperty.Single().PodSelector);

        var open = chart.Render(SampleValues.Everything).Get<V1NetworkPolicy>("api").Spec;
        Assert.Equal("ingress-nginx", Assert.Single(Assert.Single(open.Ingress).FromProperty).NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"]);
        Assert.Equal(["5432", "443", "8443"], open.Egress[1].Ports.Select(port => port.Port.Value));
        Assert.Equal("10.0.0.0/8", open.Egress[2].To.Single().IpBlock.Cidr);
    }

    [GeneratedRegex("PASSWORD|SECRET|ACCESS_?KEY|TOKEN", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
