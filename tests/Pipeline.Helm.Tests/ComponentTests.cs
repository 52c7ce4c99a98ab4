using k8s.Models;
using Pipeline.TestServers;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Helm.Tests;

/// <summary>What values turn on.</summary>
public sealed class ComponentTests(HelmChart chart)
{
    [Fact]
    public void By_default_nothing_needs_a_custom_resource_and_nothing_is_exposed()
    {
        var manifests = chart.Render(SampleValues.Least);
        Assert.Empty(manifests.Customs);
        Assert.Empty(manifests.All<V1Ingress>());
        Assert.Equal("ClusterIP", manifests.Get<V1Service>("api").Spec.Type);
        Assert.Equal((2, 1), (manifests.Api.Spec.Replicas, manifests.Worker.Spec.Replicas));
        Assert.Equal("models", Volume(manifests.Worker, "model").PersistentVolumeClaim.ClaimName);
        Assert.Equal("models", Volume(manifests.Api, "model").PersistentVolumeClaim.ClaimName);
    }

    [Fact]
    public void A_gpu_worker_is_put_where_gpus_are()
    {
        var pod = chart.Render(SampleValues.Gpu).Worker.Spec.Template.Spec;
        var worker = Assert.Single(pod.Containers);
        Assert.Equal("dragonfly-pipeline-worker:0.1.0-cuda", worker.Image);
        Assert.Equal("2", worker.Resources.Limits["nvidia.com/gpu"].ToString());
        Assert.Equal("16Gi", worker.Resources.Limits["memory"].ToString());
        Assert.Equal("nvidia", pod.RuntimeClassName);
        Assert.Equal("h100", pod.NodeSelector["accelerator"]);
        Assert.Equal("nvidia.com/gpu", Assert.Single(pod.Tolerations).Key);
        Assert.Equal("example.com/models@sha256:0123", pod.Volumes.Single(volume => volume.Name == "model").Image.Reference);
        Assert.Equal(("64", "30000000000", "false", "12"), (
            Value(worker, "PIPELINE_ENGINE__MAXNUMSEQS"), Value(worker, "PIPELINE_ENGINE__KVCACHEMEMORY"), Value(worker, "PIPELINE_ENGINE__ENABLEPREFIXCACHING"), Value(worker, "PIPELINE_WORKER__DECODETHREADS")));
    }

    /// <summary>A process for each GPU, on one port after the other.</summary>
    [Theory]
    [InlineData(0, new[] { 8080 })]
    [InlineData(1, new[] { 8080 })]
    [InlineData(3, new[] { 8080, 8081, 8082 })]
    public void The_process_of_each_gpu_is_reached_and_scraped(int count, int[] ports)
    {
        var manifests = chart.Render($"{SampleValues.Least}\nworker: {{ gpu: {{ count: {count} }} }}\nmonitoring: {{ serviceMonitor: {{ enabled: true }} }}");
        var names = ports.Select((_, index) => index == 0 ? "http" : $"http-{index}").ToList();
        var container = manifests.Worker.Spec.Template.Spec.Containers[0];
        Assert.Equal(names.Zip(ports), container.Ports.Select(port => (port.Name, port.ContainerPort)));
        Assert.Equal(names.Zip(ports), manifests.Get<V1Service>("worker").Spec.Ports.Select(port => (port.Name, port.Port)));
        Assert.Equal(names, Assert.Single(manifests.Get<V1NetworkPolicy>("worker").Spec.Ingress).Ports.Select(port => port.Port.Value));
        Assert.Equal(names, Endpoints("worker").Select(endpoint => endpoint["port"].ToString()));
        Assert.All(Endpoints("worker"), endpoint => Assert.Equal("pipeline-worker", endpoint["relabelings"][0]["replacement"].ToString()));
        Assert.Equal("http", Assert.Single(Endpoints("api"))["port"].ToString());

        YamlSequenceNode Endpoints(string component) => (YamlSequenceNode)manifests.Custom("ServiceMonitor", component)["spec"]["endpoints"];
    }

    [Theory]
    [InlineData("gpu: { count: 0 }", null)]
    [InlineData("gpu: { count: 2 }", "cuda")]
    [InlineData("gpu: { count: 2 }, engine: { device: cuda:1 }", "cuda:1")]
    [InlineData("engine: { Device: cpu }", "cpu")]
    public void Workers_with_gpus_use_them_unless_told_otherwise(string worker, string? device) => Assert.Equal(
        device, chart.Render($"{SampleValues.Least}\nworker: {{ {worker} }}").Worker.Spec.Template.Spec.Containers[0].Env.SingleOrDefault(variable => variable.Name == "PIPELINE_ENGINE__DEVICE")?.Value);

    [Theory]
    [InlineData(0, "4")]
    [InlineData(1, "4")]
    [InlineData(8, "32")]
    public void A_worker_is_wanted_for_as_many_shards_as_its_gpus_take(int count, string shards)
    {
        var scaled = chart.Render($"{SampleValues.Least}\nworker: {{ concurrentShards: 4, gpu: {{ count: {count} }}, autoscaling: {{ enabled: true }} }}").Custom("ScaledObject");
        Assert.Equal(shards, scaled["spec"]["triggers"][0]["metadata"]["targetQueryValue"].ToString());
    }

    [Fact]
    public void A_model_in_s3_is_copied_to_where_jobs_look_for_it()
    {
        var manifests = chart.Render(SampleValues.S3Model);
        Assert.All(new[] { manifests.Api, manifests.Worker }, deployment =>
        {
            var download = Assert.Single(deployment.Spec.Template.Spec.InitContainers);
            Assert.Equal(["s3://models/dragonfly-v2", "/models/dragonfly-v2"], download.Command.TakeLast(2));
            Assert.Equal("http://ceph.storage:8080", Value(download, "AWS_ENDPOINT_URL"));
            Assert.Equal("pipeline-s3", download.Env.Single(variable => variable.Name == "AWS_SECRET_ACCESS_KEY").ValueFrom.SecretKeyRef.Name);
            Assert.NotNull(Volume(deployment, "model").EmptyDir);
        });
    }

    [Fact]
    public void Tables_are_made_before_everything_else_and_by_nobody_else()
    {
        var manifests = chart.Render(SampleValues.S3Model);
        var job = manifests.SchemaJob;
        var container = Assert.Single(job.Spec.Template.Spec.Containers);
        Assert.Equal("pre-install,pre-upgrade", job.Metadata.Annotations["helm.sh/hook"]);
        Assert.Equal(["prepare-schema"], container.Args);
        Assert.Null(job.Spec.Template.Spec.ServiceAccountName);
        Assert.Equal("Host=db.example.com;Port=5432;Database=pipeline;Username=owner;SSL Mode=Disable;GSS Encryption Mode=Disable;Maximum Pool Size=20", Value(container, "PIPELINE_CONNECTIONSTRINGS__HANGFIRE"));
        var password = container.Env.Single(variable => variable.Name == "PGPASSWORD").ValueFrom.SecretKeyRef;
        Assert.Equal(("pipeline-owner", "pw"), (password.Name, password.Key));
        Assert.All(new[] { manifests.Api, manifests.Worker }, one => Assert.Equal("false", Value(one.Spec.Template.Spec.Containers[0], "PIPELINE_PREPARESCHEMA")));

        var without = chart.Render($"{SampleValues.Least}\nschemaJob: {{ enabled: false }}");
        Assert.Empty(without.All<V1Job>());
        Assert.Equal("true", Value(without.Api.Spec.Template.Spec.Containers[0], "PIPELINE_PREPARESCHEMA"));
    }

    [Fact]
    public void Workers_drain_and_are_replaced_one_at_a_time()
    {
        var manifests = chart.Render(SampleValues.Least);
        Assert.True(manifests.Worker.Spec.Template.Spec.TerminationGracePeriodSeconds >= 45);
        Assert.Equal(("0", "1"), (manifests.Worker.Spec.Strategy.RollingUpdate.MaxSurge.Value, manifests.Worker.Spec.Strategy.RollingUpdate.MaxUnavailable.Value));
        Assert.Equal("1", manifests.Get<V1PodDisruptionBudget>("worker").Spec.MaxUnavailable.Value);
        Assert.Equal("1", manifests.Get<V1PodDisruptionBudget>("api").Spec.MinAvailable.Value);
        Assert.Equal("0", manifests.Api.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
    }

    [Fact]
    public void Who_scales_is_not_overruled_by_a_number_of_replicas()
    {
        var manifests = chart.Render(SampleValues.Everything);
        Assert.Null(manifests.Api.Spec.Replicas);
        Assert.Null(manifests.Worker.Spec.Replicas);
        var api = manifests.Get<V2HorizontalPodAutoscaler>("api").Spec;
        Assert.Equal((manifests.Api.Metadata.Name, 2, 6), (api.ScaleTargetRef.Name, api.MinReplicas, api.MaxReplicas));

        var worker = (YamlMappingNode)manifests.Custom("ScaledObject")["spec"];
        Assert.Equal(manifests.Worker.Metadata.Name, worker["scaleTargetRef"]["name"].ToString());
        Assert.Equal(("0", "20"), (worker["minReplicaCount"].ToString(), worker["maxReplicaCount"].ToString()));
        var trigger = ((YamlSequenceNode)worker["triggers"])[0];
        Assert.Equal(("postgresql", "4", "verify-full"), (trigger["type"].ToString(), trigger["metadata"]["targetQueryValue"].ToString(), trigger["metadata"]["sslmode"].ToString()));
        Assert.Equal(manifests.Custom("TriggerAuthentication")["metadata"]["name"], trigger["authenticationRef"]["name"]);
        Assert.DoesNotContain("password", trigger["metadata"].ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Metrics_are_scraped_by_the_names_that_the_rules_ask_for()
    {
        var manifests = chart.Render(SampleValues.Everything);
        Assert.All(new[] { "api", "worker" }, component =>
        {
            var monitor = manifests.Custom("ServiceMonitor", component);
            var endpoint = Assert.Single((YamlSequenceNode)monitor["spec"]["endpoints"]);
            var service = manifests.Get<V1Service>(component);
            Assert.Equal(Assert.Single(service.Spec.Ports).Name, endpoint["port"].ToString());
            Assert.Equal($"pipeline-{component}", endpoint["relabelings"][0]["replacement"].ToString());
            Assert.Equal("prometheus", monitor["metadata"]["labels"]["release"].ToString());
            var wanted = ((YamlMappingNode)monitor["spec"]["selector"]["matchLabels"]).ToDictionary(label => label.Key.ToString(), label => label.Value.ToString());
            Assert.All(wanted, label => Assert.Equal(label.Value, service.Metadata.Labels[label.Key]));
        });
    }

    [Fact]
    public void Dashboards_and_rules_are_those_of_the_repository()
    {
        var manifests = chart.Render(SampleValues.Everything);
        var folder = Path.Combine(Repository.Root, "dashboards");
        var dashboards = manifests.Get<V1ConfigMap>("dashboards");
        Assert.Equal("1", dashboards.Metadata.Labels["grafana_dashboard"]);
        Assert.NotEmpty(dashboards.Data);
        Assert.Equal(Directory.GetFiles(folder, "*.json").ToDictionary(file => Path.GetFileName(file), File.ReadAllText), dashboards.Data);
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "alerts.yml")).Trim(), manifests.Get<V1ConfigMap>("rules").Data["pipeline-alerts.yml"].Trim());
        Assert.NotEmpty(((YamlSequenceNode)((YamlSequenceNode)manifests.Custom("PrometheusRule")["spec"]["groups"])[0]["rules"]).Children);
    }

    [Fact]
    public void An_ingress_leads_to_the_api()
    {
        var ingress = chart.Render(SampleValues.Everything).Get<V1Ingress>("api").Spec;
        Assert.Equal(("nginx", "labels.example.com"), (ingress.IngressClassName, Assert.Single(ingress.Rules).Host));
        Assert.Equal("labels-dragonfly-pipeline-api", Assert.Single(ingress.Rules[0].Http.Paths).Backend.Service.Name);
        Assert.Equal("labels-tls", Assert.Single(ingress.Tls).SecretName);
    }

    [Fact]
    public void A_digest_pins_the_image() => Assert.Equal(
        "dragonfly-pipeline-api@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        chart.Render(SampleValues.Everything).Api.Spec.Template.Spec.Containers[0].Image);

    private static V1Volume Volume(V1Deployment deployment, string name) => deployment.Spec.Template.Spec.Volumes.Single(volume => volume.Name == name);

    private static string? Value(V1Container container, string name) => container.Env.Single(variable => variable.Name == name).Value;
}
