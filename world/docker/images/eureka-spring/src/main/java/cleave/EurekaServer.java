package cleave;

import com.netflix.eureka.registry.AbstractInstanceRegistry;
import com.netflix.eureka.util.MeasuredRate;
import java.lang.reflect.Field;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;
import org.springframework.context.annotation.Bean;

/**
 * A Eureka server as Spring Cloud makes it. Of all its times the minute over which it counts heartbeats is the
 * only one that no setting reaches: cleave.renewsBucketMs, a system property, replaces the counter by
 * one over another time. Without it nothing is touched.
 */
@SpringBootApplication
@EnableEurekaServer
public class EurekaServer {
    public static void main(String[] arguments) {
        SpringApplication.run(EurekaServer.class, arguments);
    }

    @Bean
    static BeanPostProcessor renewsBucket() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                Long bucket = Long.getLong("cleave.renewsBucketMs");
                if (bucket != null && bean instanceof AbstractInstanceRegistry) {
                    replaceBucket(bean, bucket); // before it starts to count
                }
                return bean;
            }
        };
    }

    private static void replaceBucket(Object registry, long milliseconds) {
        try {
            Field counter = AbstractInstanceRegistry.class.getDeclaredField("renewsLastMin");
            counter.setAccessible(true);
            counter.set(registry, new MeasuredRate(milliseconds));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cleave.renewsBucketMs: this Eureka has no counter to replace", e);
        }
    }
}
