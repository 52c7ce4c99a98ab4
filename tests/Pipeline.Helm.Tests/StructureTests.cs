using System.Text.RegularExpressions;
using k8s.Models;

namespace Pipeline.Helm.Tests;

/// <summary>What must fit together, whatever the values.</summary>
public sealed partial class StructureTests(HelmChart chart)
{
    public static TheoryData<string> Values => SampleValues.All;

    [Theory, MemberData(nameof(Values))]
    public void Selectors_find_the_pods_of_their_component_and_no_others(string values)
    {
        var manifests = chart.Render(values);
        var selectors = manifests.All<V1Deployment>().Select(one => (one.Metadata.Name, one.Spec.Selector.MatchLabels))
            .Concat(manifests.All<V1Service>().Select(one => (one.Metadata.Name, MatchLabels: one.Spec.Selector)))
            .Concat(manifests.All<V1PodDisruptionBudget>().Select(one => (one.Metadata.Name, one.Spec.Selector.MatchLabels)))
            .Concat(manifests.All<V1NetworkPolicy>().Select(one => (one.Metadata.Name, one.Spec.PodSelector.MatchLabels)))
            .ToList();

        Assert.Equal(8, selectors.Count);
        Assert.All(selectors, selector =>
        {
            var pod = Assert.Single(manifests.Pods, pod => selector.MatchLabels.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value));
            Assert.EndsWith(pod.Metadata.Labels["app.kubernetes.io/component"], selector.Name, StringComparison.Ordinal);
        });
    }

    [Theory, MemberData(nameof(Values))]
    public void Names_are_unique_within_their_kind_and_ones_that_Kubernetes_takes(string values)
    {
        var manifests = chart.Render(values);
        var names = manifests.Objects.Select(one => (one.Kind, one.Metadata.Name, one.Metadata.Namespace()))
            .Concat(manifests.Customs.Select(one => (one["kind"].ToString(), one["metadata"]["name"].ToString(), one["metadata"]["namespace"].ToString())))
            .ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches(DnsLabel(), name.Item2));
        Assert.All(names, name => Assert.Equal(HelmChart.Namespace, name.Item3));
    }

    [Theory, MemberData(nameof(Values))]
    public void What_containers_mount_and_probe_is_there(string values)
    {
        Assert.All(chart.Render(values).Pods, pod =>
        {
            var volumes = pod.Spec.Volumes.Select(volume => volume.Name).ToList();
            Assert.Equal(volumes.Count, volumes.Distinct().Count());
            foreach (var container in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []))
            {
                Assert.All(container.VolumeMounts, mount => Assert.Contains(mount.Name, volumes));
                Assert.Equal(container.Env.Count, container.Env.DistinctBy(variable => variable.Name).Count());
                var probes = new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }.Where(probe => probe is not null);
                Assert.All(probes, probe => Assert.Contains(container.Ports, port => port.Name == probe.HttpGet.Port.Value));
            }
        });
    }

    [Theory, MemberData(nameof(Values))]
    public void Services_lead_to_ports_that_are_listened_on(string values)
    {
        var manifests = chart.Render(values);
        foreach (var (service, deployment) in new[] { (manifests.Get<V1Service>("api"), manifests.Api), (manifests.Get<V1Service>("worker"), manifests.Worker) })
        {
            var container = Assert.Single(deployment.Spec.Template.Spec.Containers);
            Assert.Equal(service.Spec.Ports.Select(port => port.TargetPort.Value), container.Ports.Select(port => port.Name));
            Assert.Equal($"http://+:{container.Ports[0].ContainerPort}", container.Env.Single(variable => variable.Name == "ASPNETCORE_URLS").Value);
        }
    }

    [Fact]
    public void A_misspelt_field_would_be_found()
    {
        var text = chart.Render(SampleValues.Least).Text;
        Assert.ThrowsAny<Exception>(() => new Manifests(text.Replace("readinessProbe:", "readynessProbe:", StringComparison.Ordinal)));
        Assert.ThrowsAny<Exception>(() => new Manifests(text.Replace("containerPort: 8080", "containerPort: many", StringComparison.Ordinal)));
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex DnsLabel();
}
